"""Talking to a model: turns, sampling, what a reply is made of."""
