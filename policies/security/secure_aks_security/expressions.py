"""How a rule file becomes CEL: the same text is evaluated at preview and installed at the API server.

Rules read shared variables and parameters as `variables.<name>`, the way a ValidatingAdmissionPolicy does.
The API server evaluates those itself; for the preview `bind` puts them round the text, each as a list of one
item bound by the `all` or `map` macro, which is standard CEL and evaluates each variable once.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from secure_aks_security.model import Area, Rule, Variable

_REFERENCE = re.compile(r"\bvariables\.(\w+)")


def check(rule: Rule, items: str = "") -> str:
    """Return the CEL that is true when the whole object passes, or those of its `items` (CEL for a list)."""
    if not rule.over:
        return rule.expression
    name, item = iteration(rule)
    return f"{items or f'variables.{name}'}.all({item}, {rule.expression})"


def found(rule: Rule, items: str = "") -> str:
    """Return the CEL of the list of messages, one for each item refused."""
    if not rule.over:
        return f"[{rule.message}]"
    name, item = iteration(rule)
    return f"{items or f'variables.{name}'}.filter({item}, !({rule.expression})).map({item}, {rule.message})"


def iteration(rule: Rule) -> tuple[str, str]:
    """Return the list variable and the name of its item: "containers as c" gives ("containers", "c")."""
    items, _, item = rule.over.partition(" as ")
    return items, item


def literal(value: Any) -> str:
    """Return a parameter's value as a CEL literal. Raises TypeError for a value JSON cannot hold."""
    return json.dumps(value, ensure_ascii=True)


def variables_of(area: Area, given_values: Mapping[str, Any]) -> list[Variable]:
    """Return the facts and parameters (`given_values`) and the area's variables as CEL, each after those it reads."""
    given = [Variable(name, literal(value)) for name, value in given_values.items()]
    return given + list(area.variables)


def used(text: str, variables: Sequence[Variable]) -> list[Variable]:
    """Return the variables that `text` reads, also through other variables, in their order."""
    wanted = set(_REFERENCE.findall(text))
    for variable in reversed(variables):
        if variable.name in wanted:
            wanted |= set(_REFERENCE.findall(variable.expression))
    return [variable for variable in variables if variable.name in wanted]


def bind(text: str, variables: Sequence[Variable], macro: str = "all") -> str:
    """Return `text` with every variable it reads bound, for a runtime without VAP's `variables`.

    With "all" the result is `text`'s boolean; with "map" it is `text`'s value in a list of one for each
    variable, which `unwrap` takes off.
    """
    bound = _local(text)
    for variable in reversed(used(text, variables)):
        bound = f"[{_local(variable.expression)}].{macro}(v_{variable.name}, {bound})"
    return bound


def unwrap(value: Any, text: str, variables: Sequence[Variable]) -> Any:
    """Return the value of `text` out of what `bind(text, variables, "map")` evaluated to."""
    for _ in used(text, variables):
        value = value[0]
    return value


def inline(text: str, variables: Sequence[Variable]) -> str:
    """Return `text` with the variables it reads written out, so that each is evaluated only where it counts."""
    for variable in reversed(used(text, variables)):
        text = re.sub(rf"\bvariables\.{variable.name}\b", lambda _, v=variable: f"({v.expression})", text)
    return text


def refusal(rule: Rule, messages: Sequence[str]) -> str:
    """Return the words of a violation; `admission_message` is the same in CEL."""
    return f"[{rule.id}] {'; '.join(messages)}. {rule.remedy}"


def admission_message(rule: Rule) -> str:
    """Return the CEL of a violation's words (`join` is known to the API server, not to the preview's runtime)."""
    return f"{literal(f'[{rule.id}] ')} + {found(rule)}.join('; ') + {literal(f'. {rule.remedy}')}"


def _local(text: str) -> str:
    return _REFERENCE.sub(r"v_\1", text)
