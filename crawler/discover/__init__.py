"""Where the articles of a source are: feeds, sitemaps, section pages."""
