"""Fixes for training data: what each one does, in which order, and what came of them."""
