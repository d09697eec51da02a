"""Geometry of curves in a grid of characters: ranges, ticks, gaps, and which curves share an axis."""
