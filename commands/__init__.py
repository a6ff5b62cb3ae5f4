"""The commands of `tieup`: they read options, call crawler, extract and db, and print."""
