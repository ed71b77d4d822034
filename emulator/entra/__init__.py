"""The directory: groups, users, applications."""
