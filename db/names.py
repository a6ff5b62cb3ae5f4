"""Names that several parts of the served knowledge base share."""

from __future__ import annotations

DATABASE = "tieup"
"""What Datasette calls the database, whatever its file is called: addresses stay `/tieup/deals/<id>`."""
