"""The one spider, driven by sources."""
