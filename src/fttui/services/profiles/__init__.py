"""Whom to talk to, with which key, and what they can do; the embedded engine among them."""
