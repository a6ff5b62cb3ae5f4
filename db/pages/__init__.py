"""What each page shows: one module a page, plain functions of a connection to the knowledge base."""
