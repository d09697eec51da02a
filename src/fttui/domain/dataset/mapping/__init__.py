"""From the rows of any table or list to training rows: what a person says about it, as values, and its doing."""
