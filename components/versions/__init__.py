"""Versions of a cluster and its pools: as they are, as they change, since when."""
