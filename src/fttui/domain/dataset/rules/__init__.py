"""The rules that training data is held to: one small pure function each, listed in `catalogue`."""
