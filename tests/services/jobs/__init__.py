"""Jobs: journal, launch, watch."""
