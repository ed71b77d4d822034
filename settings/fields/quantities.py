"""Amounts of CPU and memory as Kubernetes writes them."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from settings.fields.base import Words, refused

_CPU = re.compile(r"([0-9]{1,9})(m)?|([0-9]{1,6}\.[0-9]{1,3})")
_MEMORY = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,3})?)(k|[KMGTP]i|[MGTP])?")
_POWERS = {"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}
_LEAST_BYTES = 16 * 1024**2
_MOST_BYTES = 8 * 1024**5
_MOST_CPUS = 1_000_000


def cpus(text: str) -> Decimal | None:
    """Return the cores that a text such as 500m or 64 names; None when it names none."""
    found = _CPU.fullmatch(text)
    if not found:
        return None
    return Decimal(found[1] or found[3]) / (1000 if found[2] else 1)


def memory_bytes(text: str) -> int | None:
    """Return the bytes that a text such as 256Gi names; None when it names none."""
    found = _MEMORY.fullmatch(text)
    if not found:
        return None
    suffix = found[2] or ""
    return int(Decimal(found[1]) * (1024 if suffix.endswith("i") else 1000) ** _POWERS[suffix[:1]])


def _cpu(value: str) -> str:
    cores = cpus(value)
    if cores is None:
        raise refused(f"{value!r} is not an amount of CPU", 'write cores in quotes, such as "64" or "500m"')
    if not 0 < cores <= _MOST_CPUS:
        raise refused(f"{value!r} is no amount that a namespace can work with", 'write cores, such as "64"')
    return value


def _memory(value: str) -> str:
    size = memory_bytes(value)
    if size is None:
        raise refused(f"{value!r} is not an amount of memory", 'write it in quotes, such as "256Gi"')
    if not _LEAST_BYTES <= size <= _MOST_BYTES:
        raise refused(
            f"{value!r} is {size:,} bytes, in which no namespace can work",
            'write 16Mi or more, such as "256Gi"',
        )
    return value


Cpu = Annotated[str, AfterValidator(_cpu), Words("cores, in quotes")]
Memory = Annotated[str, AfterValidator(_memory), Words("an amount of memory, in quotes")]
