"""Rows out of tables, lists and folders of other people's, and training files made of them."""
