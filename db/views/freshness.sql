-- one row: how new the data is and what failed
CREATE VIEW freshness AS
SELECT (SELECT stated FROM about WHERE key = 'schema_version') AS schema_version, (SELECT stated FROM about WHERE key = 'epoch') AS epoch,
  (SELECT max(seq) FROM changes) AS last_seq, r.finished AS last_run, r.state, r.problems, (SELECT count(*) FROM articles) AS articles,
  (SELECT count(*) FROM deals) AS deals, (SELECT count(*) FROM companies WHERE deals > 0) AS companies_with_deals, (SELECT max(date_published) FROM articles) AS newest_article
FROM (SELECT 1) LEFT JOIN runs r ON r.id = (SELECT id FROM runs WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1);
