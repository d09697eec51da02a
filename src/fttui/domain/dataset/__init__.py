"""Training data: records, formats, parsing, rules, the report."""
