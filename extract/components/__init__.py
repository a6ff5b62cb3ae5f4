"""The pipeline's spaCy components, one file each."""
