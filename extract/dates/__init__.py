"""Date expressions of a text, read against its day of publication: see find.py."""
