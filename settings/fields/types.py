"""The field types that more than one section uses; each refuses with the reason and what to write instead."""

import re
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer
from secure_aks_lifecycle.versions.version import Version

from settings.fields.base import Words, matching, refused

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_BUILT = re.compile(r"v?(\d+\.\d+\.\d+)[-+][-+.\w]+")  # such as v1.33.5+k3s1: what `kubectl version` tells
_CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_UTC_OFFSET = re.compile(r"[+-](0[0-9]|1[0-4]):(00|15|30|45)")


def _version(value: object) -> object:
    if isinstance(value, Version):
        return value
    written = str(getattr(value, "text", value)) if isinstance(value, (str, float, int)) else ""
    try:
        version = Version.parse(written)
    except ValueError:
        if built := _BUILT.fullmatch(written):
            raise refused(f"{written!r} says who built the version, too", f"write {built[1]}") from None
        raise refused(
            f"{getattr(value, 'text', repr(value))} is not a full version: Azure would choose the rest, and the stack would drift for ever",
            "write all three parts, such as 1.35.6",
        ) from None
    if str(version) != written:
        raise refused(f"Azure writes the version {written!r} as {version}", f"write {version}")
    return version


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


FullVersion = Annotated[
    Version,
    BeforeValidator(_version),
    PlainSerializer(str, when_used="json"),  # as it is written, for whoever reads the settings as data
    Words("a full version x.y.z"),
]
Cidr = Annotated[IPv4Network, BeforeValidator(_network), Words("a CIDR such as 10.60.0.0/16")]
Address = Annotated[IPv4Address, BeforeValidator(_address), Words("an IPv4 address")]
DnsLabel = Annotated[
    str,
    matching(
        DNS_LABEL, "a DNS label", "use at most 63 of a-z, 0-9 and '-', a letter or digit first and last"
    ),
    Words("a DNS label"),
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
