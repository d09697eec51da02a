"""Training data that ships with the program, to try everything on without a file of one's own."""
