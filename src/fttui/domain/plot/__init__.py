"""Geometry of curves in a grid of characters: ranges, ticks, and which curves share an axis."""
