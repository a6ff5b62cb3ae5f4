-- What the merge keeps to recognise copies of one text without reading all texts again (db/merging/syndication.py): machinery, hidden,
-- made anew from the texts whenever it is missing. No foreign keys: a merge takes out what belongs to no article any more.
-- `method` is the way of fingerprinting, `bands` the article's own keys in _copy_bands as 64-bit integers, empty for a text that is too short to compare.
CREATE TABLE _copy_texts(article TEXT PRIMARY KEY, version TEXT NOT NULL, source TEXT NOT NULL, method INTEGER NOT NULL, text_key TEXT NOT NULL, bands BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE _copy_bands(band INTEGER NOT NULL, article TEXT NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
-- Articles of different publishers with nearly the same text; each pair stands twice, once from each side.
CREATE TABLE _copy_pairs(article TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (article, other)) WITHOUT ROWID;
