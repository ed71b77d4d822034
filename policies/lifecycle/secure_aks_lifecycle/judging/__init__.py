"""Rules: what one is, what it knows, and how it is asked."""
