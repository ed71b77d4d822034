"""When AKS updates: maintenance configurations, beside the tables (types.yaml, refusals.yaml)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from emulator.azure.errors import refusal
from emulator.azure.shapes import rows

if TYPE_CHECKING:
    from emulator.azure.resource_type import Props, Put


def put_configuration(put: Put) -> Props:
    """Refuse days without maintenance that are no span."""
    for span in rows(put.body, "maintenanceWindow.notAllowedDates"):
        try:
            right = date.fromisoformat(str(span.get("start"))) <= date.fromisoformat(str(span.get("end")))
        except ValueError:
            right = False
        if not right:
            raise refusal("InvalidStartEndTime", start=span.get("start"), end=span.get("end"))
    return put.body
