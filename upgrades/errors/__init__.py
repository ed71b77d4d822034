"""Errors of Azure: which pass by themselves, and what clears the others."""
