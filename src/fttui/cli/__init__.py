"""The headless twin of the screens. click lives here and nowhere else."""
