"""Sysctls of Linux nodes: those that AKS lets a pool set, within its bounds."""

import re
from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.facts.data_files import sysctls
from settings.words import did_you_mean, named_kind

_FLAG, _PORTS = "netIpv4TcpTwReuse", "netIpv4IpLocalPortRange"
_RANGE = re.compile(r"([0-9]{4,5}) ([0-9]{5})")
_FIRST, _LAST = range(1024, 61_000), range(32_768, 65_536)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield sysctls that are none of AKS's, and values that it does not take."""
    for path, pool in draft.pools.items():
        for name, value in (pool.linux.sysctls if pool.linux else {}).items():
            place = f"{path}.linux.sysctls.{name}"
            if name == _FLAG:
                if not isinstance(value, bool):
                    yield Finding(place, f"it is {named_kind(value)}", "write true or false")
            elif name == _PORTS:
                yield from _ports(place, value)
            else:
                yield from _number(place, name, value)


def _number(place: str, name: str, value: object) -> Iterator[Finding]:
    if name not in sysctls():
        why = "AKS lets no pool set it"
        yield Finding(place, why, did_you_mean(name, [*sysctls(), _FLAG, _PORTS]))
        return
    least, most = sysctls()[name]
    if not isinstance(value, int) or isinstance(value, bool):
        yield Finding(place, f"it is {named_kind(value)}", f"write a whole number, {least} to {most}")
    elif not least <= value <= most:
        yield Finding(place, f"{value} is not what AKS takes", f"write {least} to {most}")


def _ports(place: str, value: object) -> Iterator[Finding]:
    found = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if (
        not found
        or int(found[1]) not in _FIRST
        or int(found[2]) not in _LAST
        or int(found[1]) >= int(found[2])
    ):
        why = f"{value!r} is not a range of local ports"
        remedy = (
            'write the first (1024 to 60999) and the last (32768 to 65535) in quotes, such as "32768 60999"'
        )
        yield Finding(place, why, remedy)
