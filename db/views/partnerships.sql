-- one row per deal and ordered pair of its parties (each pair twice, once from each side); never link it unfiltered
CREATE VIEW partnerships AS
SELECT p.company, c.name AS company_name, q.company AS partner, k.name AS partner_name, d.announced, d.phase, d.status, p.role AS company_role, q.role AS partner_role,
  d.area_ids, d.instrument, d.type, d.id AS deal, d.title, d.announced_earliest, d.announced_year, d.is_exclusive, d.source_count,
  p.top_parent AS company_top_parent, q.top_parent AS partner_top_parent, c.country AS company_country, k.country AS partner_country
FROM deals d JOIN deal_types t ON t.id = d.type AND t.is_partnership
  JOIN deal_parties p ON p.deal = d.id JOIN deal_parties q ON q.deal = d.id AND q.company <> p.company
  JOIN companies c ON c.id = p.company JOIN companies k ON k.id = q.company;
