-- one row per source: of its articles, the share that has a field
CREATE VIEW source_fields AS
SELECT a.source, s.name AS source_name, count(*) AS articles, round(avg(a.date_published IS NOT NULL), 3) AS with_date, round(avg(a.authors IS NOT NULL), 3) AS with_author,
  round(avg(a.standfirst IS NOT NULL), 3) AS with_standfirst, round(avg(a.section IS NOT NULL), 3) AS with_section, round(avg(a.in_language IS NOT NULL), 3) AS with_language,
  round(avg(a.is_accessible_for_free = 0), 3) AS paywalled, round(avg(a.is_deal_news), 3) AS deal_news, max(a.date_published) AS newest, max(a.retrieved_at) AS last_retrieved
FROM articles a JOIN sources s ON s.id = a.source GROUP BY a.source;
