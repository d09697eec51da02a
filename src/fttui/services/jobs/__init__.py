"""Jobs at a provider: upload, launch, watch, and the journal that outlives it all."""
