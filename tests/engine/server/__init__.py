"""The engine over its wire, driven by the openai package."""
