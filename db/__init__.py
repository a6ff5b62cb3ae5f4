"""From NewsArticle and Extraction to one SQLite file, and what Datasette shows of it."""
