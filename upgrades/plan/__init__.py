"""What to do and in which order: routes, steps, lengths and needs."""
