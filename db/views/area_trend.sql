-- one row per area and quarter of announcement
CREATE VIEW area_trend AS
SELECT x.area, a.name AS area_name, substr(d.announced_earliest, 1, 4) || '-Q' || ((CAST(substr(d.announced_earliest, 6, 2) AS INTEGER) + 2) / 3) AS quarter,
  count(*) AS deals, sum(x.commitment = 'committed') AS committed
FROM deal_areas x JOIN deals d ON d.id = x.deal JOIN deal_types t ON t.id = d.type AND t.is_partnership JOIN areas a ON a.id = x.area
WHERE d.announced_precision IN ('day', 'month', 'quarter') GROUP BY x.area, quarter;
