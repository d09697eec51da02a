"""The adapter to the SDK."""
