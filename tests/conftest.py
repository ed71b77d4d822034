"""Fixtures of every room."""

pytest_plugins = ["tests.control_plane_fixture"]
