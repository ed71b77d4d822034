"""How a rule file becomes CEL: the same text is evaluated at preview and installed at the API server.

Rules read shared variables, parameters and facts as `variables.<name>`, the way a ValidatingAdmissionPolicy
does. The API server evaluates those itself. For the preview, parameters and facts are handed to the runtime as
values, and `bind` puts the variables round the text: each is an entry of a map in a list of one, bound by the
`all` or `map` macro, which is standard CEL and evaluates each variable once.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from secure_aks_security.model import Rule, Variable

_REFERENCE = re.compile(r"\bvariables\.(\w+)")
_GIVEN = "given_"
_LEVEL = "level_"
_HELD = "held"
_GIVEN_NAME = re.compile(rf"\b{_GIVEN}\w+")


def check(rule: Rule, items: str = "") -> str:
    """Return the CEL that is true when the whole object passes, or those of its `items` (CEL for a list)."""
    if not rule.over:
        return rule.expression
    name, item = iteration(rule.over)
    return f"{items or f'variables.{name}'}.all({item}, {rule.expression})"


def found(rule: Rule, items: str = "") -> str:
    """Return the CEL of the list of messages, one for each item refused."""
    if not rule.over:
        return f"[{rule.message}]"
    name, item = iteration(rule.over)
    return f"{items or f'variables.{name}'}.filter({item}, !({rule.expression})).map({item}, {rule.message})"


def iteration(over: str) -> tuple[str, str]:
    """Return the list variable and the name of its item: "containers as c" gives ("containers", "c")."""
    items, _, item = over.partition(" as ")
    return items, item


def literal(value: Any) -> str:
    """Return a value as a CEL literal. Raises TypeError for a value JSON cannot hold."""
    return json.dumps(value, ensure_ascii=True)


def given_names(rules: Sequence[Rule]) -> list[str]:
    """Return the names of all parameters and facts of `rules`, which are given to an evaluation by `given`."""
    parameters = {name for rule in rules for name in rule.parameters}
    return sorted(parameters | {name for rule in rules for name in rule.area.facts})


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters and facts under the names by which bound texts read them."""
    return {f"{_GIVEN}{name}": value for name, value in values.items()}


def used(text: str, variables: Sequence[Variable]) -> list[Variable]:
    """Return the variables that `text` reads, also through other variables, in their order."""
    wanted = set(_REFERENCE.findall(text))
    for variable in reversed(variables):
        if variable.name in wanted:
            wanted |= set(_REFERENCE.findall(variable.expression))
    return [variable for variable in variables if variable.name in wanted]


def bind(
    text: str,
    variables: Sequence[Variable],
    macro: str = "all",
    values: Mapping[str, Any] | None = None,
) -> str:
    """Return `text` with every variable it reads bound, for a runtime without VAP's `variables`.

    With "all" the result is `text`'s boolean; with "map" it is `text`'s value in lists of one, which `unwrap`
    takes off. Variables that do not read each other are bound together: the runtime's parser allows few levels.
    Parameters and facts are handed to the runtime beside the object, unless `values` has them: then they are written
    into the text, which spares the runtime their conversion each time.
    """
    levels = _levels(text, variables)
    places = {variable.name: f"{_LEVEL}{index}" for index, level in enumerate(levels) for variable in level}
    bound = _place(text, places)
    for index, level in reversed(list(enumerate(levels))):
        entries = ", ".join(
            f"'{variable.name}': dyn({_place(variable.expression, places)})" for variable in level
        )
        bound = f"[{{{entries}}}].{macro}({_LEVEL}{index}, {bound})"
    if values is None:
        return bound
    held = ", ".join(f"'{_GIVEN}{name}': dyn({literal(value)})" for name, value in values.items())
    return f"[{{{held}}}].{macro}({_HELD}, {_GIVEN_NAME.sub(lambda found: f'{_HELD}.{found[0]}', bound)})"


def unwrap(value: Any, text: str, variables: Sequence[Variable]) -> Any:
    """Return the value of `text` out of what `bind(text, variables, "map")` evaluated to."""
    for _ in _levels(text, variables):
        value = value[0]
    return value


def _levels(text: str, variables: Sequence[Variable]) -> list[list[Variable]]:
    """Return the variables `text` reads in groups, each reading those of groups before it alone."""
    depth: dict[str, int] = {}
    for variable in used(text, variables):
        read = [depth[name] + 1 for name in _REFERENCE.findall(variable.expression) if name in depth]
        depth[variable.name] = max(read, default=0)
    return [
        [variable for variable in variables if depth.get(variable.name) == level]
        for level in range(max(depth.values(), default=-1) + 1)
    ]


def _place(text: str, places: Mapping[str, str]) -> str:
    """Return `text` with each reference pointing at its level's map, or at what is given."""
    return _REFERENCE.sub(
        lambda found: f"{places[found[1]]}.{found[1]}" if found[1] in places else _GIVEN + found[1], text
    )


def inline(text: str, variables: Sequence[Variable]) -> str:
    """Return `text` with the variables it reads written out, so that each is evaluated only where it counts."""
    for variable in reversed(used(text, variables)):
        text = re.sub(rf"\bvariables\.{variable.name}\b", lambda _, v=variable: f"({v.expression})", text)
    return _place(text, {})


def refusal(rule: Rule, messages: Sequence[str]) -> str:
    """Return the words of a violation; `admission_message` is the same in CEL."""
    return f"[{rule.id}] {'; '.join(messages)}. {rule.remedy}"


def admission_message(rule: Rule) -> str:
    """Return the CEL of a violation's words (`join` is known to the API server, not to the preview's runtime)."""
    return f"{literal(f'[{rule.id}] ')} + {found(rule)}.join('; ') + {literal(f'. {rule.remedy}')}"
