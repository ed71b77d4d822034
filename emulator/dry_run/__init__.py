"""A preview where there is no engine: the program and the policy packs, in seconds, as a first `up` and without state."""

from emulator.dry_run.preview import run

__all__ = ["run"]
