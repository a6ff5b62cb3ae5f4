"""Measures the whole pipeline, from HTML to deals, against what a person read in the same articles."""
