-- one row per company, article, role and reason where it is named but is no party
CREATE VIEW non_parties AS
SELECT m.company, c.name AS company_name, m.role, m.reason, m.article, a.headline, a.date_published, count(*) AS times, min(m.surface) AS surface,
  (SELECT json_group_array(DISTINCT deal) FROM deal_articles WHERE article = a.id) AS deals
FROM mentions m JOIN article_versions v ON v.id = m.version AND v.is_current JOIN companies c ON c.id = m.company JOIN articles a ON a.id = m.article JOIN party_roles r ON r.id = m.role AND NOT r.is_party
GROUP BY m.company, m.article, m.role, m.reason;
