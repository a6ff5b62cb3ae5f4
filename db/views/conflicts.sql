-- one row per single-valued fact of a deal on which its sources disagree
CREATE VIEW conflicts AS
SELECT c.deal, d.title AS deal_title, c.field, max(CASE WHEN c.is_chosen THEN c.stated END) AS chosen, count(DISTINCT c.stated) AS stated_values,
  group_concat(DISTINCT c.stated) AS stated, count(DISTINCT c.article) AS articles
FROM deals d JOIN claims c ON c.deal = d.id JOIN article_versions v ON v.id = c.version AND v.is_current
WHERE d.conflicts > 0 AND c.field IN ('type', 'instrument', 'announced', 'value', 'term', 'exclusive', 'scope')
  AND NOT (c.field = 'announced' AND d.announced LIKE c.stated || '-%') /* a coarser date is no conflict */
GROUP BY c.deal, c.field HAVING count(DISTINCT c.stated) > 1;
