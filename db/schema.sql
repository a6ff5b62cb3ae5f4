-- The public shape of tieup.db: tables, keys and column order. The first migration runs this text; later ones add columns at the right end.
-- Text natural keys everywhere but changes.seq and problems.id, so that content never depends on the order of input. Foreign keys always name their column
-- (Datasette answers 500 on labels otherwise). No column is called value (facet suggestions break), group, end or on (reserved words).

-- Vocabularies: one shape (id, name, definition, position), then their own. Datasette finds the label in `name`.
CREATE TABLE areas(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE area_details(id TEXT PRIMARY KEY, area TEXT NOT NULL REFERENCES areas(id), name TEXT NOT NULL);
CREATE TABLE deal_types(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL, is_partnership INTEGER NOT NULL);
CREATE TABLE instruments(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL, is_binding INTEGER);
CREATE TABLE statuses(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('talks', 'intent', 'agreed', 'live', 'ended')));
CREATE TABLE party_roles(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL, is_party INTEGER NOT NULL,
  side TEXT CHECK (side IN ('provider', 'buyer')));
CREATE TABLE date_roles(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE commitments(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE sectors(id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE countries(id TEXT PRIMARY KEY, name TEXT NOT NULL);

-- What was read
CREATE TABLE sources(id TEXT PRIMARY KEY, name TEXT NOT NULL, domain TEXT NOT NULL, kind TEXT, country TEXT REFERENCES countries(id), in_language TEXT,
  articles INTEGER NOT NULL, last_article TEXT);
CREATE TABLE articles(id TEXT PRIMARY KEY /* 16 hex of sha256 of the canonical address */, headline TEXT NOT NULL, source TEXT NOT NULL REFERENCES sources(id),
  date_published TEXT, is_deal_news INTEGER NOT NULL, deals INTEGER NOT NULL, in_language TEXT, date_published_precision TEXT, date_published_basis TEXT,
  relevance REAL, syndication_group TEXT, is_accessible_for_free INTEGER, url TEXT NOT NULL, canonical_url TEXT NOT NULL, authors TEXT, retrieved_at TEXT NOT NULL,
  version TEXT NOT NULL /* the current one */, standfirst TEXT, section TEXT, date_published_raw TEXT,
  date_candidates TEXT /* JSON array of {basis, raw, date} */);
CREATE TABLE article_versions(id TEXT PRIMARY KEY /* 16 hex of article and content_sha256 */, article TEXT NOT NULL REFERENCES articles(id),
  content_sha256 TEXT NOT NULL, date_modified TEXT, retrieved_at TEXT NOT NULL, is_current INTEGER NOT NULL,
  date_modified_raw TEXT, date_modified_basis TEXT);
CREATE TABLE article_texts(version TEXT NOT NULL REFERENCES article_versions(id), part TEXT NOT NULL /* headline, article_body, blocks/<n> */, kind TEXT,
  text TEXT NOT NULL, PRIMARY KEY (version, part));
CREATE TABLE extractions(version TEXT PRIMARY KEY REFERENCES article_versions(id), pipeline TEXT NOT NULL, is_merged INTEGER NOT NULL,
  document TEXT NOT NULL /* the Extraction as JSON: what the merge works from */);
CREATE TABLE relevance_decisions(url TEXT PRIMARY KEY, source TEXT REFERENCES sources(id), headline TEXT, score REAL NOT NULL, is_fetched INTEGER NOT NULL,
  reasons TEXT NOT NULL /* JSON array */, decided_at TEXT NOT NULL, is_read INTEGER);

-- Who
CREATE TABLE companies(id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, sector TEXT REFERENCES sectors(id), country TEXT REFERENCES countries(id),
  parent TEXT REFERENCES companies(id), top_parent TEXT NOT NULL REFERENCES companies(id) /* itself if it has no parent */,
  deals INTEGER NOT NULL, partners INTEGER NOT NULL, last_deal TEXT, website TEXT, wikidata TEXT);
CREATE TABLE company_aliases(alias TEXT NOT NULL /* folded; every name and id too */, company TEXT NOT NULL REFERENCES companies(id), kind TEXT NOT NULL, PRIMARY KEY (alias, company));

-- Deals; everything here is derived from claims and corrections
CREATE TABLE deals(id TEXT PRIMARY KEY, title TEXT NOT NULL, announced TEXT /* EDTF */, phase TEXT NOT NULL, status TEXT NOT NULL REFERENCES statuses(id),
  type TEXT NOT NULL REFERENCES deal_types(id), instrument TEXT NOT NULL REFERENCES instruments(id),
  party_ids TEXT NOT NULL, area_ids TEXT NOT NULL, country_ids TEXT NOT NULL /* JSON arrays of ids */,
  announced_year INTEGER, is_exclusive INTEGER /* 0 only if said */, is_cross_border INTEGER, term_end TEXT,
  source_count INTEGER NOT NULL /* independent: a publisher, or a group of syndicated copies, counts once */, article_count INTEGER NOT NULL, conflicts INTEGER NOT NULL, confidence REAL,
  announced_earliest TEXT, announced_latest TEXT, announced_precision TEXT, status_date TEXT, quiet_since TEXT,
  amount REAL, currency TEXT, amount_text TEXT, term_months INTEGER, term_text TEXT, exclusivity TEXT, scope TEXT, summary TEXT, first_seen TEXT NOT NULL, updated TEXT NOT NULL);
CREATE TABLE deal_parties(deal TEXT NOT NULL REFERENCES deals(id), company TEXT NOT NULL REFERENCES companies(id),
  role TEXT NOT NULL REFERENCES party_roles(id) /* the main one */, roles TEXT NOT NULL /* JSON array of all */, top_parent TEXT NOT NULL REFERENCES companies(id),
  basis TEXT, confidence REAL, position INTEGER NOT NULL, PRIMARY KEY (deal, company));
CREATE TABLE deal_units(deal TEXT NOT NULL REFERENCES deals(id), unit TEXT NOT NULL REFERENCES companies(id), party TEXT NOT NULL REFERENCES companies(id) /* nearest parent that is a party */, PRIMARY KEY (deal, unit));
CREATE TABLE deal_areas(deal TEXT NOT NULL REFERENCES deals(id), area TEXT NOT NULL REFERENCES areas(id), commitment TEXT NOT NULL REFERENCES commitments(id),
  details TEXT /* JSON array of area_details ids */, confidence REAL, PRIMARY KEY (deal, area));
CREATE TABLE deal_places(deal TEXT NOT NULL REFERENCES deals(id), country TEXT NOT NULL REFERENCES countries(id), PRIMARY KEY (deal, country));
CREATE TABLE deal_dates(deal TEXT NOT NULL REFERENCES deals(id), role TEXT NOT NULL REFERENCES date_roles(id), edtf TEXT NOT NULL, earliest TEXT, latest TEXT,
  precision TEXT, anchor TEXT, basis TEXT, is_chosen INTEGER NOT NULL, PRIMARY KEY (deal, role, edtf));
CREATE TABLE deal_events(id TEXT PRIMARY KEY /* 16 hex of sha256(article, number of the deal in it, status, happened) */, deal TEXT NOT NULL REFERENCES deals(id), status TEXT NOT NULL REFERENCES statuses(id), happened TEXT /* EDTF */,
  happened_earliest TEXT, reported TEXT, article TEXT REFERENCES articles(id), claim TEXT, first_seen TEXT NOT NULL);
CREATE TABLE deal_links(deal TEXT NOT NULL REFERENCES deals(id), kind TEXT NOT NULL CHECK (kind IN ('extends', 'renews', 'replaces', 'follows_pilot', 'part_of')),
  other_deal TEXT NOT NULL REFERENCES deals(id), basis TEXT, PRIMARY KEY (deal, kind, other_deal));
CREATE TABLE deal_articles(deal TEXT NOT NULL REFERENCES deals(id), article TEXT NOT NULL REFERENCES articles(id),
  relation TEXT NOT NULL CHECK (relation IN ('announces', 'confirms', 'updates', 'denies', 'recalls')), PRIMARY KEY (deal, article));

CREATE TABLE deal_ids(id TEXT PRIMARY KEY, party_ids TEXT NOT NULL, earliest TEXT, made_at TEXT NOT NULL) /* register, append-only */;

-- What a person decided of a deal: rows are only added, the last one of a fact counts in every merge. The deal may be gone, so it is no foreign key.
CREATE TABLE corrections(id INTEGER PRIMARY KEY, deal TEXT NOT NULL, field TEXT NOT NULL, subject TEXT /* party: company; area: area; else null */,
  stated TEXT /* none: it has none; null: withdrawn */, decided_by TEXT NOT NULL, reason TEXT NOT NULL, decided_at TEXT NOT NULL);

-- Why: one claim is one span of one article; a claim's page can be cited
CREATE TABLE claims(id TEXT PRIMARY KEY /* 16 hex of sha256(version, part, start_char, end_char, field, subject, stated, number of the deal in the article) */,
  deal TEXT NOT NULL REFERENCES deals(id), field TEXT NOT NULL, subject TEXT /* role: company; commitment: area; date: date role; link: other deal; else null */, stated TEXT NOT NULL,
  is_chosen INTEGER NOT NULL, rule TEXT NOT NULL /* what found it: rule or model */, quote TEXT NOT NULL, article TEXT NOT NULL REFERENCES articles(id),
  version TEXT NOT NULL REFERENCES article_versions(id), part TEXT NOT NULL, start_char INTEGER NOT NULL, end_char INTEGER NOT NULL, confidence REAL, pipeline TEXT NOT NULL, run TEXT, chosen_by TEXT /* the rule that chose it; null if not chosen */);
CREATE TABLE mentions(id TEXT PRIMARY KEY /* 16 hex of sha256(version, part, start_char, end_char, company) */, article TEXT NOT NULL REFERENCES articles(id), company TEXT NOT NULL REFERENCES companies(id),
  role TEXT REFERENCES party_roles(id), reason TEXT, surface TEXT NOT NULL, version TEXT NOT NULL REFERENCES article_versions(id), part TEXT NOT NULL,
  start_char INTEGER NOT NULL, end_char INTEGER NOT NULL, confidence REAL);
CREATE TABLE date_mentions(id TEXT PRIMARY KEY /* 16 hex of sha256(version, part, start_char, end_char, role, number of the deal) */, article TEXT NOT NULL REFERENCES articles(id), deal TEXT REFERENCES deals(id), role TEXT NOT NULL REFERENCES date_roles(id),
  surface TEXT NOT NULL, edtf TEXT, earliest TEXT, latest TEXT, precision TEXT, anchor TEXT, version TEXT NOT NULL REFERENCES article_versions(id), part TEXT NOT NULL,
  start_char INTEGER NOT NULL, end_char INTEGER NOT NULL);

-- Running it
CREATE TABLE changes(seq INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, id TEXT NOT NULL, op TEXT NOT NULL CHECK (op IN ('upsert', 'merge', 'delete')),
  replaced_by TEXT, at TEXT NOT NULL, UNIQUE (entity, id));
CREATE TABLE runs(id TEXT PRIMARY KEY, started TEXT NOT NULL, finished TEXT, command TEXT NOT NULL, state TEXT NOT NULL, pages INTEGER, articles INTEGER, deals INTEGER,
  problems INTEGER, versions TEXT NOT NULL);
CREATE TABLE problems(id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs(id), level TEXT NOT NULL, source TEXT REFERENCES sources(id), url TEXT, message TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE metrics(run TEXT NOT NULL, dataset TEXT NOT NULL, slice TEXT NOT NULL, field TEXT NOT NULL, n INTEGER NOT NULL, precision REAL, recall REAL, f1 REAL,
  low REAL, high REAL, PRIMARY KEY (run, dataset, slice, field));
CREATE TABLE calibration(run TEXT NOT NULL, field TEXT NOT NULL, bin INTEGER NOT NULL, n INTEGER NOT NULL, predicted REAL NOT NULL, observed REAL NOT NULL, PRIMARY KEY (run, field, bin));
CREATE TABLE about(key TEXT PRIMARY KEY, stated TEXT) /* schema_version, epoch, data_version, vocabulary_version, deprecations */;
