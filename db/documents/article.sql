-- The document of an article: its row. `c` is the outer row that has the id.
SELECT json_object(
  'id', a.id, 'headline', a.headline, 'source', a.source, 'date_published', a.date_published, 'is_deal_news', a.is_deal_news, 'deals', a.deals,
  'in_language', a.in_language, 'date_published_precision', a.date_published_precision, 'date_published_basis', a.date_published_basis,
  'relevance', a.relevance, 'syndication_group', a.syndication_group, 'is_accessible_for_free', a.is_accessible_for_free, 'url', a.url,
  'canonical_url', a.canonical_url, 'authors', json(a.authors), 'retrieved_at', a.retrieved_at, 'version', a.version, 'standfirst', a.standfirst,
  'section', a.section, 'date_published_raw', a.date_published_raw, 'date_candidates', json(a.date_candidates))
  FROM articles a WHERE a.id = c.id
