"""A rule's texts evaluated by Google's CEL runtime, which the pack's own evaluation must agree with.

The runtime knows no `variables`, so `bind` puts them round a text: each is an entry of a map in a list of one, bound by
the macro `all` or `map`. Its budget of iterations is why the pack does not evaluate with it.
"""

import re
from functools import cache
from typing import Any

from cel_expr_python import cel
from secure_aks_security import expressions
from secure_aks_security.cel.operations import EvaluationError
from secure_aks_security.model import Rule, Variable

_REFERENCE = re.compile(r"\bvariables\.(\w+)")


def words(rule: Rule, item: dict[str, Any], given: dict[str, Any]) -> list[str] | bool:
    """The words of each refusal, True for a pass, False where there is no value."""
    data = {"object": item, **{f"given_{name}": value for name, value in given.items()}}
    passes = _compiled(_text(expressions.check(rule), rule.area.variables), tuple(data)).eval(data=data)
    if passes.type() == cel.Type.ERROR:
        return False
    if passes.plain_value() is True:
        return True
    messages = _compiled(_text(expressions.found(rule), rule.area.variables), tuple(data)).eval(data=data)
    if messages.type() == cel.Type.ERROR:
        return False
    words: Any = messages.plain_value()
    return words


@cache
def _text(text: str, variables: tuple[Variable, ...]) -> str:
    return inline(text, variables)


def inline(text: str, variables: tuple[Variable, ...]) -> str:
    """The text with the variables it reads written out, so that each is evaluated only where it counts."""
    for variable in reversed(expressions.used(text, variables)):
        text = re.sub(rf"\bvariables\.{variable.name}\b", lambda _, v=variable: f"({v.expression})", text)
    return _REFERENCE.sub(r"given_\1", text)


@cache
def _compiled(text: str, names: tuple[str, ...]) -> cel.Expression:
    return _environment(names).compile(text)


@cache
def _environment(names: tuple[str, ...]) -> cel.Env:
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN))


def evaluate(text: str, item: dict[str, Any]) -> Any:
    """The value of a text without variables; EvaluationError itself where it has none."""
    found = _compiled(text, ("object",)).eval(data={"object": item})
    return EvaluationError if found.type() == cel.Type.ERROR else found.plain_value()
