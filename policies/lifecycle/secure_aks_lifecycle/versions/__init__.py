"""Versions, and which changes of them are allowed."""
