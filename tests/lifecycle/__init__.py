"""Tests of the lifecycle pack."""
