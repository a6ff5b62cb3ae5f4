-- one row per area, provider and year
CREATE VIEW area_providers AS
SELECT x.area, a.name AS area_name, p.company, c.name AS company_name, d.announced_year AS year, count(*) AS deals,
  sum(d.phase IN ('agreed', 'live')) AS still_on, sum(coalesce(d.is_exclusive, 0)) AS exclusive
FROM deal_areas x JOIN deals d ON d.id = x.deal JOIN deal_types t ON t.id = d.type AND t.is_partnership JOIN deal_parties p ON p.deal = d.id
  JOIN party_roles r ON r.id = p.role AND r.side = 'provider' JOIN companies c ON c.id = p.company JOIN areas a ON a.id = x.area
GROUP BY x.area, p.company, d.announced_year;
