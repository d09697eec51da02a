"""Providers: where they are, what they can do, and the keys they want."""
