-- one row per deal: how well it is attested
CREATE VIEW deal_support AS
SELECT d.id AS deal, d.title, d.announced, (SELECT count(*) FROM deal_articles x WHERE x.deal = d.id) AS articles,
  (SELECT count(DISTINCT coalesce(a.syndication_group, a.source)) FROM deal_articles x JOIN articles a ON a.id = x.article WHERE x.deal = d.id) AS independent_sources,
  (SELECT count(DISTINCT a.source) FROM deal_articles x JOIN articles a ON a.id = x.article WHERE x.deal = d.id) AS publishers,
  (SELECT min(a.date_published) FROM deal_articles x JOIN articles a ON a.id = x.article WHERE x.deal = d.id) AS first_report,
  (SELECT max(a.date_published) FROM deal_articles x JOIN articles a ON a.id = x.article WHERE x.deal = d.id) AS last_report,
  (SELECT count(*) FROM deal_articles x WHERE x.deal = d.id AND x.relation = 'denies') AS denials, d.conflicts, d.confidence
FROM deals d;
