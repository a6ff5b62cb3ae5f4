-- one row per ended deal and successor
CREATE VIEW endings AS
SELECT d.id AS deal, d.title, d.announced, d.status, e.happened AS ended, e.happened_earliest AS ended_earliest, d.party_ids, l.deal AS replaced_by, r.title AS replaced_by_title
FROM deals d JOIN deal_types t ON t.id = d.type AND t.is_partnership
  LEFT JOIN deal_events e ON e.id = (SELECT id FROM deal_events WHERE deal = d.id AND status = d.status ORDER BY happened_earliest IS NULL, happened_earliest, id LIMIT 1)
  LEFT JOIN deal_links l ON l.other_deal = d.id AND l.kind = 'replaces' LEFT JOIN deals r ON r.id = l.deal WHERE d.phase = 'ended';
