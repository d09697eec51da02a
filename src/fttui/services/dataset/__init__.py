"""Training data on disk: open, index, import, validate, prepare, count."""
