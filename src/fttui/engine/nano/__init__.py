"""The small language model: numpy only."""
