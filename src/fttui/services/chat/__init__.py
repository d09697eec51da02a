"""Replies as they stream, and transcripts on disk."""
