"""The API versions that each resource type has, and the refusal of any other (`api_versions.json` names its sources)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}(-[A-Za-z]+(\.\d+)?)?")


@cache
def _named() -> Mapping[str, tuple[str, ...]]:
    """Return the versions by type, in its own case."""
    data: dict[str, Any] = json.loads(
        Path(__file__).with_name("api_versions.json").read_text(encoding="utf-8")
    )
    return {t: tuple(row["versions"]) for row in data["versions"] for t in row["types"]}


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    return {t.lower(): versions for t, versions in _named().items()}


def of(arm_type: str) -> tuple[str, ...]:
    """Return the versions of a type: its own, else those of the type it lies in; empty for one that is not known."""
    kind = arm_type.lower()
    while kind and kind not in _known():
        kind = kind.rpartition("/")[0]
    return _known().get(kind, ())


def namespaces() -> list[str]:
    """Return the resource providers that the lab stands for, all of them registered unless the cloud's settings say otherwise."""
    return sorted({arm_type.partition("/")[0] for arm_type in _named()})


def types_of(namespace: str) -> dict[str, tuple[str, ...]]:
    """Return the types of a namespace, less the namespace, with their versions."""
    start = namespace + "/"
    return {t.removeprefix(start): versions for t, versions in _named().items() if t.startswith(start)}


def check(arm_type: str, said: str | None) -> None:
    """Raise ArmError for a request without an API version, or with one that the type does not have.

    Source of the words: Azure Resource Manager's answers, as "Troubleshoot common Azure deployment errors" quotes them.
    """
    if not said:
        raise refusal("MissingApiVersionParameter")
    versions = of(arm_type)
    supported = ", ".join(versions)
    if not _FORM.fullmatch(said):
        raise refusal("InvalidApiVersionParameter", said=said, supported=supported)
    if said not in versions:
        namespace, _, kind = arm_type.partition("/")
        raise refusal(
            "NoRegisteredProviderFound", said=said, kind=kind, namespace=namespace, supported=supported
        )
