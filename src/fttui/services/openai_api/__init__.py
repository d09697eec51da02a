"""The only place that imports the openai package: ports of this program, spoken in its words."""
