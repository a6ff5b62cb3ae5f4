-- The document of a deal: its row, and its parts as arrays. `c` is the outer row that has the id.
SELECT json_object(
  'id', d.id, 'title', d.title, 'announced', d.announced, 'phase', d.phase, 'status', d.status, 'type', d.type, 'instrument', d.instrument,
  'party_ids', json(d.party_ids), 'area_ids', json(d.area_ids), 'country_ids', json(d.country_ids), 'announced_year', d.announced_year,
  'is_exclusive', d.is_exclusive, 'is_cross_border', d.is_cross_border, 'term_end', d.term_end, 'source_count', d.source_count,
  'article_count', d.article_count, 'conflicts', d.conflicts, 'confidence', d.confidence, 'announced_earliest', d.announced_earliest,
  'announced_latest', d.announced_latest, 'announced_precision', d.announced_precision, 'status_date', d.status_date, 'quiet_since', d.quiet_since,
  'amount', d.amount, 'currency', d.currency, 'amount_text', d.amount_text, 'term_months', d.term_months, 'term_text', d.term_text,
  'exclusivity', d.exclusivity, 'scope', d.scope, 'summary', d.summary, 'first_seen', d.first_seen, 'updated', d.updated,
  'parties', (SELECT json_group_array(json_object('company', x.company, 'role', x.role, 'roles', json(x.roles), 'top_parent', x.top_parent, 'basis', x.basis,
    'confidence', x.confidence, 'position', x.position)) FROM (SELECT * FROM deal_parties WHERE deal = d.id ORDER BY position) x),
  'units', (SELECT json_group_array(json_object('unit', x.unit, 'party', x.party)) FROM (SELECT * FROM deal_units WHERE deal = d.id ORDER BY unit) x),
  'areas', (SELECT json_group_array(json_object('area', x.area, 'commitment', x.commitment, 'details', json(x.details), 'confidence', x.confidence))
    FROM (SELECT * FROM deal_areas WHERE deal = d.id ORDER BY area) x),
  'places', (SELECT json_group_array(x.country) FROM (SELECT country FROM deal_places WHERE deal = d.id ORDER BY country) x),
  'dates', (SELECT json_group_array(json_object('role', x.role, 'edtf', x.edtf, 'earliest', x.earliest, 'latest', x.latest, 'precision', x.precision,
    'anchor', x.anchor, 'basis', x.basis, 'is_chosen', x.is_chosen)) FROM (SELECT * FROM deal_dates WHERE deal = d.id ORDER BY role, edtf) x),
  'events', (SELECT json_group_array(json_object('id', x.id, 'status', x.status, 'happened', x.happened, 'happened_earliest', x.happened_earliest,
    'reported', x.reported, 'article', x.article, 'claim', x.claim, 'first_seen', x.first_seen))
    FROM (SELECT * FROM deal_events WHERE deal = d.id ORDER BY happened_earliest, reported, id) x),
  'links', (SELECT json_group_array(json_object('kind', x.kind, 'other_deal', x.other_deal, 'basis', x.basis))
    FROM (SELECT * FROM deal_links WHERE deal = d.id ORDER BY kind, other_deal) x),
  'articles', (SELECT json_group_array(json_object('article', x.article, 'relation', x.relation))
    FROM (SELECT * FROM deal_articles WHERE deal = d.id ORDER BY article) x))
  FROM deals d WHERE d.id = c.id
