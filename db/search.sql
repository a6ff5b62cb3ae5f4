-- Full-text indexes. A row of each has the rowid of the row that it indexes, and that row's id for joins.
-- The loader fills them (db/search.py); a row that is deleted takes its entry with it.
CREATE VIRTUAL TABLE articles_fts USING fts5(id UNINDEXED, headline, standfirst, article_body, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE deals_fts USING fts5(id UNINDEXED, title, parties, units, areas, details, places, kinds, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE companies_fts USING fts5(id UNINDEXED, name, aliases, tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN DELETE FROM articles_fts WHERE rowid = old.rowid; END;
CREATE TRIGGER deals_fts_delete AFTER DELETE ON deals BEGIN DELETE FROM deals_fts WHERE rowid = old.rowid; END;
CREATE TRIGGER companies_fts_delete AFTER DELETE ON companies BEGIN DELETE FROM companies_fts WHERE rowid = old.rowid; END;
