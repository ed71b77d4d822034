"""What the engine hands a program, against what the stack file says: the file's reading counts wherever the two agree.

So a preview judges the very values that `load_file` reads. The engine's own count where they differ, as with
`--config` or another file, and where the file has them encrypted.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from settings.fields.secret import SECRET

_SHORTEST = 3
"""Characters of the shortest text that is worth hiding; shorter ones stand in every message by chance."""


def decoded(value: Any) -> Any:
    """Return a value of the engine's configuration: it hands a mapping or list over as JSON, all else as text."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def agree(ours: Any, engines: Any) -> bool:
    """Tell whether the engine's value is what the file says; an encrypted value agrees with every text."""
    if ours == SECRET:
        return True
    if isinstance(ours, Mapping):
        own, other = cast("Mapping[str, Any]", ours), cast("Mapping[str, Any]", engines)
        return (
            isinstance(engines, Mapping)
            and own.keys() == other.keys()
            and all(agree(own[key], other[key]) for key in own)
        )
    if isinstance(ours, list):
        items, others = cast("list[Any]", ours), cast("list[Any]", engines)
        return isinstance(engines, list) and len(items) == len(others) and all(map(agree, items, others))
    if isinstance(ours, date):
        return str(engines).startswith(ours.isoformat()[:10])
    if isinstance(ours, (bool, int, float)) and isinstance(engines, str):
        return engines in {getattr(ours, "text", ""), str(ours).lower()}
    return ours == engines and isinstance(ours, bool) == isinstance(engines, bool)


def revealed(ours: Any, engines: Any) -> Any:
    """Return the file's value with the engine's texts where the file has them encrypted; the two agree."""
    if ours == SECRET:
        return engines
    if isinstance(ours, Mapping):
        own = cast("Mapping[str, Any]", ours)
        return {key: revealed(item, engines[key]) for key, item in own.items()}
    if isinstance(ours, list):
        return [revealed(item, other) for item, other in zip(cast("list[Any]", ours), engines, strict=True)]
    return ours


def hidden(text: str, value: Any) -> str:
    """Return a text without the texts of a value that the engine calls secret."""
    for secret in sorted(_texts(value), key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(repr(secret)[1:-1], SECRET).replace(secret, SECRET)
    return text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in cast("Mapping[str, Any]", value).values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
