"""JSON that remembers the line of every value; the standard reader forgets them."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s\[\]{}:,"]+|[\[\]{}:,]')


class Located(NamedTuple):
    """A value and the line it starts in; mappings and lists hold located values."""

    value: Any
    line: int

    def plain(self) -> Any:
        """Return the value as `json.loads` gives it."""
        if isinstance(self.value, Members):
            return {key.value: item.plain() for key, item in self.value}
        if isinstance(self.value, list):
            return [item.plain() for item in cast("list[Located]", self.value)]
        return self.value


class Members(tuple[tuple[Located, Located], ...]):
    """The members of a JSON object in their order, each key with its line; a key may stand twice."""

    __slots__ = ()


def loads(text: str) -> Located:
    """Read JSON. Raises json.JSONDecodeError, which knows its line."""
    json.loads(text)  # what passes here is sound, so the rest need not look for mistakes
    tokens = _tokens(text)
    return _value(*next(tokens), tokens)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, end = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", end, token.start())
        end = token.start()
        yield token[0], line


def _value(text: str, line: int, tokens: Iterator[tuple[str, int]]) -> Located:
    if text == "{":
        members: list[tuple[Located, Located]] = []
        while (item := next(tokens))[0] != "}":
            if item[0] != ",":
                key = Located(json.loads(item[0]), item[1])
                next(tokens)
                members.append((key, _value(*next(tokens), tokens)))
        return Located(Members(members), line)
    if text == "[":
        items: list[Located] = []
        while (item := next(tokens))[0] != "]":
            if item[0] != ",":
                items.append(_value(*item, tokens))
        return Located(items, line)
    return Located(json.loads(text), line)
