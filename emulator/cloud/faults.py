"""Faults that a test orders from the emulated Azure, stored with it, so that other processes meet them too."""

from __future__ import annotations

from dataclasses import asdict
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from emulator.cloud.fault import Call, Fault, FaultKind

if TYPE_CHECKING:
    from emulator.cloud.state import State

__all__ = ["Call", "Fault", "FaultKind", "add", "take"]


def add(state: State, fault: Fault) -> None:
    """Order a fault."""
    state.faults.append(asdict(fault))


def take(state: State, on: Call, id_: str) -> Fault | None:
    """Return the fault that this call meets, counting it as met."""
    met: Fault | None = None
    for row in state.faults:
        fault = Fault(**row)
        applies = fault.on == on or (fault.on == "*" and on != "token")
        if not applies or not fnmatch(id_.lower(), fault.match.lower()) or fault.times < 1:
            continue
        if fault.skip > 0:
            row["skip"] -= 1
        elif met is None:
            row["times"] -= 1
            met = fault
    state.faults = [row for row in state.faults if row["times"] > 0]
    return met
