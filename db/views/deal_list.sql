-- one row per deal, names instead of ids: for CSV and spreadsheets
CREATE VIEW deal_list AS
SELECT d.id AS deal, d.title, d.announced, s.name AS status, s.phase, t.name AS type, i.name AS instrument,
  (SELECT group_concat(name, '; ') FROM (SELECT c.name FROM deal_parties p JOIN companies c ON c.id = p.company WHERE p.deal = d.id ORDER BY p.position)) AS parties,
  (SELECT group_concat(name, '; ') FROM (SELECT a.name FROM deal_areas x JOIN areas a ON a.id = x.area WHERE x.deal = d.id ORDER BY a.position)) AS areas,
  (SELECT group_concat(country, '; ') FROM (SELECT country FROM deal_places WHERE deal = d.id ORDER BY country)) AS countries,
  d.is_exclusive, d.term_end, d.source_count, d.article_count, d.confidence, d.announced_earliest
FROM deals d JOIN statuses s ON s.id = d.status JOIN deal_types t ON t.id = d.type JOIN instruments i ON i.id = d.instrument;
