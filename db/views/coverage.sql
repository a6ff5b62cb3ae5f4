-- one row per source and month: what was read
CREATE VIEW coverage AS
SELECT a.source, s.name AS source_name, substr(a.date_published, 1, 7) AS month, count(*) AS articles, sum(a.is_deal_news) AS deal_articles
FROM articles a JOIN sources s ON s.id = a.source GROUP BY a.source, month;
