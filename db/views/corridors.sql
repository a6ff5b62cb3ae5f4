-- one row per home country of a party and other country among the deal's places
CREATE VIEW corridors AS
SELECT c.country AS home, h.name AS home_name, x.country AS market, m.name AS market_name, count(DISTINCT d.id) AS deals,
  min(d.announced_year) AS first_year, max(d.announced_year) AS last_year
FROM deals d JOIN deal_types t ON t.id = d.type AND t.is_partnership JOIN deal_parties p ON p.deal = d.id JOIN companies c ON c.id = p.company JOIN deal_places x ON x.deal = d.id AND x.country <> c.country
  JOIN countries h ON h.id = c.country JOIN countries m ON m.id = x.country GROUP BY c.country, x.country;
