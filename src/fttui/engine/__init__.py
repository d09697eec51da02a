"""The embedded engine: a server on loopback that speaks the fine-tuning protocol and really trains a small model."""
