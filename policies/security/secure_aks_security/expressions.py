"""How a rule file becomes CEL: the same text is evaluated at preview and installed at the API server.

Rules read shared variables, parameters and facts as `variables.<name>`, the way a ValidatingAdmissionPolicy
does. The API server evaluates those itself; for the preview `cel/program.py` does.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from secure_aks_security.model import Rule, Variable

MOST = 10
"""How many places one refusal names; of more it names the first few, and counts the others."""
_SHOWN = MOST - 1
_REFERENCE = re.compile(r"\bvariables\.(\w+)")


@cache
def check(rule: Rule, items: str = "") -> str:
    """Return the CEL that is true when the whole object passes, or those of its `items` (CEL for a list)."""
    if not rule.over:
        return rule.expression
    name, item = iteration(rule.over)
    return f"{items or f'variables.{name}'}.all({item}, {rule.expression})"


@cache
def found(rule: Rule, items: str = "") -> str:
    """Return the CEL of the list of messages, one for each item refused."""
    if not rule.over:
        return f"[{rule.message}]"
    name, item = iteration(rule.over)
    return f"{items or f'variables.{name}'}.filter({item}, !({rule.expression})).map({item}, {rule.message})"


TOO_LARGE = "variables.tooLarge"
"""The CEL that is true of an object in which an area's rules would go through more than they can."""


@cache
def limited(rule: Rule) -> bool:
    """Tell whether the rule cannot be asked about an object of any size."""
    most = rule.area.most
    if most is None:
        return False
    read = {variable.name for variable in used(check(rule), rule.area.variables)}
    return not read.isdisjoint(most.over)


def unjudged(rule: Rule) -> str:
    """Return the words about an object that is too large for a rule."""
    most = rule.area.most
    if most is None:
        raise ValueError(f"{rule.id} has no limit")
    return f"[{rule.id}] cannot be judged: {most.says}. Split it into several."


def iteration(over: str) -> tuple[str, str]:
    """Return the list variable and the name of its item: "containers as c" gives ("containers", "c")."""
    items, _, item = over.partition(" as ")
    return items, item


def literal(value: Any) -> str:
    """Return a value as a CEL literal. Raises TypeError for a value JSON cannot hold."""
    return json.dumps(value, ensure_ascii=True)


def used(text: str, variables: Sequence[Variable]) -> list[Variable]:
    """Return the variables that `text` reads, also through other variables, in their order."""
    wanted = set(_REFERENCE.findall(text))
    for variable in reversed(variables):
        if variable.name in wanted:
            wanted |= set(_REFERENCE.findall(f"{variable.expression} {variable.installed}"))
    return [variable for variable in variables if variable.name in wanted]


def refusal(rule: Rule, messages: Sequence[str]) -> str:
    """Return the words of a violation; `admission_message` is the same in CEL."""
    return f"[{rule.id}] {'; '.join(first(messages))}. {rule.remedy}"


def first(messages: Sequence[str]) -> list[str]:
    """Return the messages, or of more than MOST the first few and how many more there are."""
    if len(messages) <= MOST:
        return list(messages)
    return [*messages[:_SHOWN], f"and {len(messages) - _SHOWN} more"]


def admission_message(rule: Rule) -> str:
    """Return the CEL of a violation's words (`join` is known to the API server, not to the preview's runtime)."""
    shown = ", ".join(f"l[{index}]" for index in range(_SHOWN))
    more = f"[{shown}, 'and ' + string(l.size() - {_SHOWN}) + ' more']"
    # The macro gives the list a name, so that it is made once; `string` gives its items one type.
    words = (
        f"[{found(rule)}.map(w, string(w))].map(l, l.size() <= {MOST} ? l : {more})[0]"
        if rule.over
        else found(rule)
    )
    said = f"{literal(f'[{rule.id}] ')} + {words}.join('; ') + {literal(f'. {rule.remedy}')}"
    return f"{TOO_LARGE} ? {literal(unjudged(rule))} : {said}" if limited(rule) else said


def admission_check(rule: Rule) -> str:
    """Return `check` for the API server, which does not begin with what it would not end in time."""
    return f"!{TOO_LARGE} && ({check(rule)})" if limited(rule) else check(rule)
