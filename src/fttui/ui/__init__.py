"""The screens. Textual lives here and nowhere else."""
