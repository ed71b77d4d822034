"""The edges: reads clusters, Azure, Prometheus and stacks, and returns plain values."""
