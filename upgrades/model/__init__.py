"""Plain values that the rooms hand to one another: clusters, steps, plans, and what gates look at."""
