"""Values and rules: pure Python, no files, no network, no clock."""
