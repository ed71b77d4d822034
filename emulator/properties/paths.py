"""Property paths as Pulumi writes them ("a.b[0].c", `a["x.y"]`, "a[*].b") and what resource options do with them."""

from __future__ import annotations

import re
from typing import Any

from emulator.properties.values import Secret, is_list, is_object

_TOKEN = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|\.?([^.\["\]]+)')
_MISSING: Any = object()


def parse_path(path: str) -> list[str | int]:
    """Split a path into keys and indexes; "*" stands for every one."""
    tokens: list[str | int] = []
    for quoted, index, key in _TOKEN.findall(path):
        if index:
            tokens.append(index if index == "*" else int(index))
        else:
            tokens.append(key or quoted.replace('\\"', '"'))
    return tokens


def look_up(value: Any, path: str) -> Any:
    """Return what stands at `path` in `value`, None where there is nothing; a secret on the way stays one."""
    secret = False
    for token in parse_path(path):
        if isinstance(value, Secret):
            secret, value = True, value.value
        if is_object(value):
            value = value.get(str(token))
        elif is_list(value) and isinstance(token, int) and token < len(value):
            value = value[token]
        else:
            return None
    return Secret(value) if secret and not isinstance(value, Secret) else value


def covers(pattern: str, path: str) -> bool:
    """Say whether a change at `path` touches `pattern`: one is the beginning of the other."""
    return all(a in ("*", b) for a, b in zip(parse_path(pattern), parse_path(path), strict=False))


def ignore_changes(olds: dict[str, Any], news: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return `news` with what stands at `paths` as it was in `olds`."""
    for path in paths:
        news = _restore(olds, news, parse_path(path))
    return news


def _restore(old: Any, new: Any, path: list[str | int]) -> Any:
    if not path:
        return old
    head, rest = path[0], path[1:]
    if is_object(new):
        olds: dict[str, Any] = old if is_object(old) else {}
        result = dict(new)
        for key in dict.fromkeys([*new, *olds]) if head == "*" else [str(head)]:
            value = _restore(olds.get(key, _MISSING), new.get(key, _MISSING), rest)
            if value is _MISSING:
                result.pop(key, None)
            else:
                result[key] = value
        return result
    if is_list(new):
        items: list[Any] = old if is_list(old) else []
        indexes = range(len(new)) if head == "*" else [head]
        return [
            _restore(items[i], v, rest) if i in indexes and i < len(items) else v for i, v in enumerate(new)
        ]
    return new
