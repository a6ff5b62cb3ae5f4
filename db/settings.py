"""Thresholds and limits of the database: each a plain constant, in one place."""

from __future__ import annotations

SCHEMA_VERSION = 1
"""Major version of the public shape: a file with a higher one is refused."""

RELEVANCE_THRESHOLD = 0.5
"""An extraction below this relevance makes no deals; its mentions are stored all the same."""

LANGUAGES_READ = ("en",)
"""Languages (ISO 639-1) of which the pipeline reads articles; those in others are stored and shown as not read."""

SAME_DEAL_DAYS = 31
"""Announcements of the same parties at most this many days apart are reports of one deal."""

CONFIRMATION_DAYS = 31
"""A report at most this many days after the first one confirms it; a later one updates it."""

SHORT_PERIOD_DAYS = 31
"""A period of at most this many days (a day, a month) is narrow enough to join deals by it."""

PUBLIC_QUOTE_CHARS = 300
"""Longest quote in a file that is published."""

BUSY_TIMEOUT_MS = 30_000
"""How long a statement waits for another connection's lock."""
