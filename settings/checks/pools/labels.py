"""Labels and taints of the nodes."""

import re
from collections.abc import Iterator, Mapping

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.sections.pools import Pool
from settings.words import repeated

_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_PREFIX = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_TAINT = re.compile(r"([^=:]+)(?:=([^=:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)")
_RESERVED = ("kubernetes.azure.com", "kubernetes.io", "k8s.io")
_SYSTEM_TAINT = "CriticalAddonsOnly=true:NoSchedule"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield labels and taints that Kubernetes or AKS refuse."""
    for path, pool in draft.pools.items():
        yield from label_findings(f"{path}.labels", pool.labels)
        yield from _taints(path, pool)


def label_findings(path: str, labels: Mapping[str, str]) -> Iterator[Finding]:
    """Yield why labels are none, or are not for a stack to set."""
    for key, value in labels.items():
        yield from key_findings(f"{path}.{key}", key, "label")
        yield from value_findings(f"{path}.{key}", value, "label")


def _taints(path: str, pool: Pool) -> Iterator[Finding]:
    places = [(f"{path}.taints[{index}]", taint) for index, taint in enumerate(pool.taints)]
    for place, taint, _ in repeated(places):
        yield Finding(place, f"the taint {taint!r} is named twice", "name each taint once")
    seen: dict[tuple[str, str], str] = {}
    for place, taint in places:
        found = _TAINT.fullmatch(taint)
        if not found:
            why = f"{taint!r} is not a taint"
            remedy = "write key=value:Effect with the effect NoSchedule, PreferNoSchedule or NoExecute"
            yield Finding(place, why, remedy)
            continue
        yield from key_findings(place, found[1], "taint")
        yield from value_findings(place, found[2] or "", "taint")
        first = seen.setdefault((found[1], found[3]), place)
        if first != place and taint.lower() not in (other.lower() for at, other in places if at == first):
            why = f"{first.removeprefix(path + '.')} taints with {found[1]} and {found[3]} already, and Kubernetes takes one value"
            yield Finding(place, why, "remove one of them, or write another key")
        if pool.mode == "System" and found[3] != "PreferNoSchedule" and taint != _SYSTEM_TAINT:
            why = "AKS allows system pools only one taint that keeps pods away"
            yield Finding(place, why, f"write {_SYSTEM_TAINT}, or put the pods on a user pool")


def key_findings(path: str, key: str, what: str, reserved: tuple[str, ...] = _RESERVED) -> Iterator[Finding]:
    """Yield why a text is no key of a label or taint, or not of one's own: it has one of the reserved prefixes."""
    prefix, slash, name = key.rpartition("/")
    if not _NAME.fullmatch(name) or (slash and not _PREFIX.fullmatch(prefix)):
        why = f"{key!r} is not a key of a {what}"
        remedy = "use 63 letters, digits, '-', '_' and '.' at most, after an optional DNS name and '/'"
        yield Finding(path, why, remedy)
    elif any(prefix == own or prefix.endswith(f".{own}") for own in reserved):
        why = f"the prefix {prefix} is reserved: AKS and Kubernetes set such {what}s themselves"
        yield Finding(path, why, "use a prefix of your own, or none")


def value_findings(path: str, value: str, what: str) -> Iterator[Finding]:
    """Yield why a text is no value of a label or taint."""
    if value and not _NAME.fullmatch(value):
        why = f"{value!r} is not a value of a {what}"
        yield Finding(path, why, "use 63 letters, digits, '-', '_' and '.' at most, or nothing")
