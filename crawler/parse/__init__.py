"""The steps from the bytes of a page to a NewsArticle."""
