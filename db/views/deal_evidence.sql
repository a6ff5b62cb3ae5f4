-- one row per claim, with the words and where they stand
CREATE VIEW deal_evidence AS
SELECT c.deal, d.title AS deal_title, c.field, c.subject, c.stated, c.is_chosen, c.quote, s.name AS publisher, a.date_published, a.headline, a.url,
  c.article, c.part, c.start_char, c.end_char, c.rule, c.id AS claim, v.is_current
FROM claims c JOIN article_versions v ON v.id = c.version JOIN deals d ON d.id = c.deal JOIN articles a ON a.id = c.article JOIN sources s ON s.id = a.source;
