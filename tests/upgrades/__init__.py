"""Tests of the upgrades room."""
