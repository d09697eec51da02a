"""The HTTP side of the engine: endpoints, storage, scheduling of training processes."""
