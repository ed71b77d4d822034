"""Maintenance windows and reboot slots: which is open now, which come, and whether a pass over the nodes fits in."""

from .now import window

__all__ = ["window"]
