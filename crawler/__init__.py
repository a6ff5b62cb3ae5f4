"""From publishers' pages to NewsArticle: discovery, fetching, parsing."""
