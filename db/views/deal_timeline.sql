-- one row per dated thing of a deal: statuses, dates that are no statuses, links to other deals
CREATE VIEW deal_timeline AS
SELECT e.deal, e.happened_earliest, e.happened AS edtf, 'status' AS kind, e.status AS what, s.name AS label, e.article, NULL AS other_deal
FROM deal_events e JOIN statuses s ON s.id = e.status
UNION ALL
SELECT x.deal, x.earliest, x.edtf, 'date', x.role, r.name, NULL, NULL FROM deal_dates x JOIN date_roles r ON r.id = x.role
WHERE x.is_chosen AND NOT EXISTS (SELECT 1 FROM deal_events e WHERE e.deal = x.deal AND e.status = x.role AND e.happened = x.edtf)
UNION ALL
SELECT l.deal, o.announced_earliest, o.announced, 'link', l.kind, o.title, NULL, l.other_deal FROM deal_links l JOIN deals o ON o.id = l.other_deal;
