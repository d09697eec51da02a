"""Preparing training data: going through a file of any size, and writing what comes out of it."""
