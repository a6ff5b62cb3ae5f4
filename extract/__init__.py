"""From NewsArticle to Extraction: companies, dates, areas and deals, each with its evidence."""
