"""What stands in the states of the lab's backend, read without the engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def with_an_inside(backend: Path) -> list[str]:
    """Return the stacks that are up inside a cluster. Without a control plane their states lead to no API server: on a later one not even `destroy` would do."""
    return [state.stem for state in sorted(backend.glob(".pulumi/stacks/*/*.json")) if _has_inside(state)]


def _has_inside(state: Path) -> bool:
    """Whether a state has a provider of Kubernetes; one that cannot be read is the engine's to tell of."""
    try:
        latest = json.loads(state.read_bytes())["checkpoint"]["latest"]
        return any(resource["type"] == "pulumi:providers:kubernetes" for resource in latest["resources"])
    except (OSError, ValueError, LookupError, TypeError):
        return False
