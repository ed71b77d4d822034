"""Rules told otherwise, by name: rule, resource, reason, end date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.judging.plain import dig

_KEYS = {"kind", "name", "namespace", "type"}
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00:00.*")

if TYPE_CHECKING:
    from secure_aks_lifecycle.judging.finding import Finding
    from secure_aks_lifecycle.judging.resource import Resource


@dataclass(frozen=True, slots=True)
class Exemption:
    """One rule that does not hold for one resource, up to and including the day `until`.

    The texts that name the resource are patterns: `*` is any characters, `?` is one.
    """

    rule: str
    name: str
    reason: str
    until: date
    kind: str | None = None
    namespace: str | None = None
    type: str | None = None

    @classmethod
    def parse(cls, data: Any) -> Exemption:
        """Read an entry of `secure-aks:exemptions`. Raises ValueError saying what is wrong with it."""
        texts = {
            "rule": dig(data, "rule"),
            "resource.name": dig(data, "resource", "name"),
            "reason": dig(data, "reason"),
            "until": dig(data, "until"),
        }
        missing = [key for key, text in texts.items() if not isinstance(text, str) or not text.strip()]
        if missing:
            raise ValueError(f"{', '.join(missing)} is missing")
        unknown = sorted(str(key) for key in data["resource"] if key not in _KEYS)
        if unknown:
            # A misspelt key that is passed over would make the exemption wider than it was meant.
            raise ValueError(f"resource has {', '.join(unknown)}; it may have {', '.join(sorted(_KEYS))}")
        if not any(character.isalnum() for character in texts["resource.name"]):
            raise ValueError("resource.name is a bare wildcard; name the resource")
        try:
            until = _day(texts["until"])
        except ValueError:
            raise ValueError(
                f"until '{texts['until']}' is not a date; write one such as 2026-12-31"
            ) from None
        return cls(
            rule=texts["rule"],
            name=texts["resource.name"],
            reason=texts["reason"],
            until=until,
            kind=_pattern(data, "kind"),
            namespace=_pattern(data, "namespace"),
            type=_pattern(data, "type"),
        )

    def names(self, resource: Resource, finding: Finding) -> bool:
        """Tell whether the exemption names this finding's resource."""
        return (
            any(_fits(self.name, name) for name in (*resource.names, *finding.names))
            and _fits(self.kind, resource.kind)
            and _fits(self.namespace, resource.namespace)
            and _fits(self.type, resource.type)
        )

    def holds(self, on: date) -> bool:
        """Tell whether it still counts on that day."""
        return on <= self.until


def _pattern(data: Any, key: str) -> str | None:
    value = dig(data, "resource", key)
    return None if value is None else str(value)


def _fits(pattern: str | None, text: str | None) -> bool:
    if not pattern:
        return True
    # fnmatch gives nothing back that a `*` took, so no pattern runs away; its brackets are none of ours.
    return fnmatchcase(text or "", pattern.replace("[", "[[]"))


def _day(text: str) -> date:
    # The engine passes a date that stands without quotes in the stack file as a time, such as "2026-12-01 00:00:00 +0000 UTC".
    found = _DAY.fullmatch(text)
    return date.fromisoformat(found[1] if found else text)
