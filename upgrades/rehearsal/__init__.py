"""The drains of a plan, rehearsed with the objects of a real cluster on an API server of one's own."""
