"""Training data on disk: open, index, validate, count."""
