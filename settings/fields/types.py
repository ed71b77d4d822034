"""The field types that more than one section uses; each refuses with the reason and what to write instead."""

import re
from datetime import date, datetime
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError
from secure_aks_lifecycle.version import Version

from settings.sections.base import Words

REFUSED = "refused"
"""The type of a pydantic error whose context carries our own words: `why` and `remedy`."""

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_UTC_OFFSET = re.compile(r"[+-](0[0-9]|1[0-4]):(00|15|30|45)")


def refused(why: str, remedy: str) -> PydanticCustomError:
    """Return the error a validator raises: why the value cannot be, and what to write instead."""
    return PydanticCustomError(REFUSED, "{why}; {remedy}", {"why": why, "remedy": remedy})


def _version(value: object) -> object:
    if isinstance(value, Version):
        return value
    try:
        return Version.parse(str(value) if isinstance(value, (str, float, int)) else "")
    except ValueError:
        raise refused(
            f"{value!r} is not a full version: Azure would choose the rest, and the stack would drift for ever",
            "write all three parts, such as 1.35.6",
        ) from None


def _network(value: object) -> object:
    try:
        return value if isinstance(value, IPv4Network) else IPv4Network(str(value))
    except ValueError as error:
        raise refused(
            f"{value!r} is not an IPv4 network ({error})", "write a CIDR such as 10.60.0.0/16"
        ) from None


def _address(value: object) -> object:
    try:
        return value if isinstance(value, IPv4Address) else IPv4Address(str(value))
    except ValueError:
        raise refused(f"{value!r} is not an IPv4 address", "write one such as 10.0.0.10") from None


def _day(value: object) -> object:
    # An unquoted YAML date reaches the program as midnight of that day.
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).removesuffix("T00:00:00Z"))
    except ValueError:
        raise refused(f"{value!r} is not a day of the calendar", 'write it as "2026-12-18"') from None


def matching(pattern: re.Pattern[str], what: str, remedy: str) -> AfterValidator:
    """Return a validator of text that must match a pattern as a whole; `what` names such a text."""

    def check(value: str) -> str:
        if pattern.fullmatch(value):
            return value
        raise refused(f"{value!r} is not {what}", remedy)

    return AfterValidator(check)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


FullVersion = Annotated[Version, BeforeValidator(_version), Words("a full version x.y.z")]
Cidr = Annotated[IPv4Network, BeforeValidator(_network), Words("a CIDR such as 10.60.0.0/16")]
Address = Annotated[IPv4Address, BeforeValidator(_address), Words("an IPv4 address")]
Day = Annotated[date, BeforeValidator(_day), Words('a day such as "2026-12-18"')]
DnsLabel = Annotated[
    str,
    matching(
        DNS_LABEL, "a DNS label", "use at most 63 of a-z, 0-9 and '-', a letter or digit first and last"
    ),
    Words("a DNS label"),
]
Guid = Annotated[
    str,
    BeforeValidator(_lower),
    matching(_GUID, "an object id", "write the GUID, such as 6f1c0d1e-2f3a-4b5c-8d9e-0a1b2c3d4e5f"),
    Words("an object id (GUID)"),
]
ClockTime = Annotated[
    str,
    matching(_CLOCK_TIME, "a time of day", 'write hours and minutes in quotes, such as "22:00"'),
    Words('a time such as "22:00"'),
]
UtcOffset = Annotated[
    str,
    matching(_UTC_OFFSET, "a UTC offset", 'write it with its sign in quotes, such as "+01:00"'),
    Words('a UTC offset such as "+01:00"'),
]
Environment = Literal["dev", "staging", "prod"]
OsType = Literal["Linux", "Windows"]
