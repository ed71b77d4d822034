"""What a value of a profile may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from settings.profile_files.fault import Fault
from settings.profile_files.json_lines import Located, Members
from settings.words import did_you_mean


@dataclass(frozen=True)
class Keys:
    """The keys an object may have; `instead` are remedies for others that people write."""

    known: tuple[str, ...]
    instead: Mapping[str, str]

    def read(self, item: Located) -> dict[str, Located]:
        """Return the object's members by key."""
        return {key.value: value for key, value in cast("Members", item.value)}

    def faults(self, item: Located) -> Iterator[Fault]:
        """Yield keys that are not known, and keys that stand twice."""
        seen: set[str] = set()
        for key, _ in cast("Members", item.value):
            if key.value not in self.known:
                remedy = self.instead.get(key.value) or did_you_mean(key.value, self.known)
                yield Fault(
                    key.line, f"the runtime knows no key `{key.value}`, and would skip it in silence", remedy
                )
            elif key.value in seen:
                yield Fault(key.line, f"`{key.value}` stands twice, and the last one wins", "keep one")
            seen.add(key.value)


def one_of(item: Located, known: tuple[str, ...], what: str) -> Iterator[Fault]:
    """Yield a fault unless the value is one of the known ones."""
    if item.value not in known:
        shown: Any = item.plain()
        yield Fault(item.line, f"{shown!r} is not {what}", did_you_mean(str(shown), known))


def whole(item: Located, most: int) -> Iterator[Fault]:
    """Yield a fault unless the value is a whole number from 0 to `most`."""
    value: Any = item.value
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        yield Fault(item.line, f"{item.plain()!r} is not a whole number from 0 to {most}", "write one")
