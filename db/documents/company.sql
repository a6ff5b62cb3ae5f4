-- The document of a company: its row. `c` is the outer row that has the id.
SELECT json_object(
  'id', k.id, 'name', k.name, 'kind', k.kind, 'sector', k.sector, 'country', k.country, 'parent', k.parent, 'top_parent', k.top_parent,
  'deals', k.deals, 'partners', k.partners, 'last_deal', k.last_deal, 'website', k.website, 'wikidata', k.wikidata)
  FROM companies k WHERE k.id = c.id
