"""Azure's resource types, and what Azure refuses."""
