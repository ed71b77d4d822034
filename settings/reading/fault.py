"""What is wrong with a text before anybody asks what it means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong: its line (from 1; None for the file as such), why, and what to write instead."""

    why: str
    remedy: str
    line: int | None = None


class UnreadableError(Exception):
    """A file or text that cannot be read at all; `.faults` holds every reason."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.why for fault in faults))
