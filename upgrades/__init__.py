"""Upgrades: what is running, what comes next, one safe step at a time to the end."""
