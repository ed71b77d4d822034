"""Measurements: `make bench` runs them; figures go into docs/performance.md by hand, with the machine they were taken on."""
