"""Small changes of a CEL text, each of which a test must notice."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_AROUND = 40
_TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\]|\\.)*')|(?P<number>\b\d+\b)|(?P<word>[A-Za-z_]\w*)|(?P<operator>==|!=|&&|\|\||<=|>=|[<>!+?:])"""
)
_SWAPS = {
    "==": ("!=",),
    "!=": ("==",),
    "&&": ("||",),
    "||": ("&&",),
    "<": ("<=", ">"),
    ">": (">=", "<"),
    "<=": ("<", ">="),
    ">=": (">", "<="),
    "!": ("",),
    "all": ("exists",),
    "exists": ("all",),
    # Of dynamic values: never and always.
    "in": ("==", "!="),
    "has": ("!has",),
    # The one branch and the other, whatever the condition.
    "?": ("&& false ?", "|| true ?"),
    "true": ("false",),
    "false": ("true",),
    "startsWith": ("endsWith",),
    "endsWith": ("startsWith",),
    "contains": ("startsWith",),
}


class Mutant(NamedTuple):
    """A changed text, and the change with a little of what stands around it."""

    text: str
    change: str


def mutants(text: str) -> Iterator[Mutant]:
    """Yield `text` with one operator, constant or alternative of a pattern changed."""
    for token in _TOKEN.finditer(text):
        before, after = text[: token.start()], text[token.end() :]
        for replacement in _replacements(token):
            change = f"{before[-_AROUND:]}[{token.group()} -> {replacement}]{after[:_AROUND]}"
            yield Mutant(before + replacement + after, " ".join(change.split()))


def _replacements(token: re.Match[str]) -> Iterator[str]:
    found = token.group()
    if token["string"]:
        yield from _strings(found)
    elif token["number"]:
        yield str(int(found) + 1)
    else:
        yield from _SWAPS.get(found, ())


def _strings(literal: str) -> Iterator[str]:
    body = literal[1:-1]
    yield f"'{body}~'"
    # A pattern with alternatives: each of them must matter.
    for group in re.finditer(r"\(((?:[^()?]|_\?)+\|[^()]+)\)", body):
        words = group[1].split("|")
        for index in range(len(words)):
            rest = "|".join(words[:index] + words[index + 1 :])
            yield f"'{body[: group.start(1)]}{rest}{body[group.end(1) :]}'"
