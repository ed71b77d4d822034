"""Exemptions: a rule that does not hold for one named thing, for a reason, until a date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import cast

from secure_aks_security.judging.resources import Resource
from secure_aks_security.shapes import mapping

_WILDCARDS = {"*": ".*", "?": "."}
_KEYS = {"kind", "namespace", "name", "type"}


class ExemptionError(ValueError):
    """An exemption that does not say enough; the message says what is missing."""


@dataclass(frozen=True)
class Exemption:
    """One rule, one thing (patterns: `*` is any characters, `?` one), why, and the last day it holds.

    `until` None is for the exemptions this pack has built in; a stack's own always end. `of` is what of a stack a built-in
    one is for.
    """

    rule: str
    name: str
    reason: str
    until: date | None
    kind: str = ""
    namespace: str = ""
    type: str = ""
    of: str = ""

    def expired(self, today: date) -> bool:
        """Tell whether its last day is over."""
        return self.until is not None and self.until < today

    def covers(self, resource: Resource) -> bool:
        """Tell whether it is about this resource (whatever the date)."""
        return (
            (not self.kind or fits(self.kind, resource.kind))
            and (not self.type or fits(self.type, resource.type))
            and fits(self.name, resource.object_name)
            and (not self.namespace or fits(self.namespace, resource.object_namespace))
        )

    def __str__(self) -> str:
        where = "/".join(part for part in (self.namespace, self.kind or self.type, self.name) if part)
        return f"{self.rule} for {where}"


def fits(pattern: str, text: str) -> bool:
    """Tell whether a text is what a pattern names, in a time that no pattern can run away with."""
    return pattern == text or (_is_pattern(pattern) and fnmatchcase(text, pattern.replace("[", "[[]")))


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


@lru_cache(maxsize=4096)
def regex(pattern: str) -> str:
    """Return the regular expression of a pattern for the API server, whose RE2 cannot run away with it."""
    return "".join(_WILDCARDS.get(character) or re.escape(character) for character in pattern)


def parse(data: object, position: int) -> Exemption:
    """Return the exemption in one item of `secure-aks:exemptions`. Raises ExemptionError."""
    path = f"secure-aks:exemptions[{position}]"
    if not isinstance(data, Mapping):
        raise ExemptionError(f"{path} is not a mapping; write rule, resource, reason and until")
    item = mapping(cast("object", data))
    missing = [key for key in ("rule", "resource", "reason", "until") if not item.get(key)]
    if missing:
        raise ExemptionError(f"{path} does not say {', '.join(missing)}")
    resource = {key: str(value) for key, value in mapping(item["resource"]).items() if value is not None}
    if not resource.get("name"):
        raise ExemptionError(f"{path}.resource names nothing; write at least its name")
    unknown = sorted(set(resource) - _KEYS)
    if unknown:
        raise ExemptionError(
            f"{path}.resource has {', '.join(unknown)}; it may have {', '.join(sorted(_KEYS))}"
        )
    if not any(character.isalnum() for character in resource["name"]):
        raise ExemptionError(f"{path}.resource.name is a bare wildcard; name what is exempt")
    return Exemption(
        rule=str(item["rule"]), reason=str(item["reason"]), until=_date(item["until"], path), **resource
    )


def _date(value: object, path: str) -> date:
    try:
        # The engine passes a date that stands without quotes in the stack file as a time at midnight.
        return date.fromisoformat(re.sub(r"[T ]00:00:00.*", "", str(value)))
    except ValueError:
        raise ExemptionError(f'{path}.until is "{value}"; write a date such as 2027-03-31') from None
