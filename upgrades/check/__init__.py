"""What runs and how it stands: the values of a check, its judgement, and how it is written."""
