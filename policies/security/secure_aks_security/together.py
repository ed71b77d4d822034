"""All rules of an area as one CEL expression: most objects pass every rule, and need no other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from cel_expr_python import cel  # pyright: ignore[reportMissingTypeStubs] - the package has stubs for its modules alone

from secure_aks_security import expressions
from secure_aks_security.model import Rule
from secure_aks_security.resources import Resource


class Together:
    """Asks all rules at once. `given` are the values of their parameters and facts, written into the expression."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._compiled: dict[tuple[Rule, ...], cel.Expression] = {}

    def all_pass(self, item: Resource, rules: Sequence[Rule]) -> bool:
        """Tell whether an object whose every value is known passes every rule."""
        key = tuple(rules)
        expression = self._compiled.get(key)
        if expression is None:
            text = expressions.bind(everything(key), key[0].area.variables, values=self._given)
            expression = self._compiled[key] = _environment().compile(text)
        return expression.eval(data={"object": item.properties}).plain_value() is True


def everything(rules: Sequence[Rule]) -> str:
    """Return CEL for "every rule passes"; rules over the same list go through it together."""
    over = defaultdict[str, list[str]](list)
    for rule in rules:
        over[rule.over].append(f"({rule.expression})")
    texts = over.pop("", [])
    for iteration, checks in over.items():
        name, item = expressions.iteration(iteration)
        texts.append(f"variables.{name}.all({item}, {' && '.join(checks)})")
    return " && ".join(texts)


@cache
def _environment() -> cel.Env:
    return cel.NewEnv(variables={"object": cel.Type.DYN})
