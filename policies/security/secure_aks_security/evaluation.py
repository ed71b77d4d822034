"""The rules of one area over one object, in CEL: the quick way for known values, the careful way for the rest."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, cast

from cel_expr_python import cel  # pyright: ignore[reportMissingTypeStubs] - the package has stubs for its modules alone

from secure_aks_security import expressions
from secure_aks_security.malformed import fault
from secure_aks_security.model import Rule
from secure_aks_security.resources import Resource
from secure_aks_security.rules import load_rules
from secure_aks_security.unknowns import careful, careful_environment
from secure_aks_security.values import UNKNOWN

_UNSEEN = (
    "cannot be told from a patch that leaves the field alone; the admission policies judge the whole object"
)

_WORD = re.compile(r"[A-Za-z]\w*")
_LITERAL = re.compile(r"'([^']*)'")
_DYNAMIC = re.compile(r"[\w)]\[\s*[A-Za-z]")


class Verdict(StrEnum):
    """What a rule says about an object."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


class Answer(NamedTuple):
    """A verdict and, unless it is a pass, its words."""

    verdict: Verdict
    words: str = ""


_PASS = Answer(Verdict.PASS)


class Evaluation(ABC):
    """Evaluates rules over one object. `given` are the values of the rules' parameters and facts."""

    def __init__(self, item: Resource, given: Mapping[str, Any]) -> None:
        self._item = item
        self._data = {"object": item.properties, **expressions.given(given)}

    @abstractmethod
    def judge(self, rule: Rule) -> Answer:
        """Return what one rule says."""


class KnownEvaluation(Evaluation):
    """Over an object whose every value is known."""

    def __init__(self, item: Resource, given: Mapping[str, Any]) -> None:
        super().__init__(item, given)
        self._activation = _environment().Activation(self._data)

    def judge(self, rule: Rule) -> Answer:
        """See Evaluation."""
        variables, found = rule.area.variables, expressions.found(rule)
        result = self._evaluate(expressions.bind(expressions.check(rule), variables))
        if _is_error(result):
            return Answer(Verdict.MALFORMED, fault(rule, self._item, str(result.value())))
        if result.plain_value() is True:
            return _PASS
        messages = self._evaluate(expressions.bind(found, variables, "map"))
        words = (
            [rule.title]
            if _is_error(messages)
            else expressions.unwrap(messages.plain_value(), found, variables)
        )
        return Answer(Verdict.FAIL, expressions.refusal(rule, words))

    def _evaluate(self, text: str) -> cel.Value:
        return _compiled(text).eval(self._activation)


class CarefulEvaluation(Evaluation):
    """Over an object with unknowns, or over a patch, which shows a part of an object."""

    def __init__(self, item: Resource, given: Mapping[str, Any]) -> None:
        super().__init__(item, given)
        self._partial = item.patch

    def judge(self, rule: Rule) -> Answer:
        """See Evaluation."""
        result = self._evaluate(rule, expressions.check(rule))
        if not _is_error(result):
            return _PASS if result.plain_value() is True else Answer(Verdict.FAIL, self._refusal(rule))
        reason = str(result.value())
        if UNKNOWN in reason or self._partial:
            return Answer(Verdict.UNKNOWN, not_known(reason))
        return Answer(Verdict.MALFORMED, fault(rule, self._item, reason))

    def _refusal(self, rule: Rule) -> str:
        """Return the words about the items that certainly fail."""
        words = self._messages(rule, "")
        if not words and rule.over:  # something about another item is not known
            items = f"variables.{expressions.iteration(rule.over)[0]}"
            count = cast("int", self._evaluate(rule, f"{items}.size()").plain_value())
            words = [word for index in range(count) for word in self._messages(rule, f"[{items}[{index}]]")]
        return expressions.refusal(rule, words or [rule.title])

    def _messages(self, rule: Rule, items: str) -> list[str]:
        found = self._evaluate(rule, expressions.found(rule, items))
        return [] if _is_error(found) else cast("list[str]", found.plain_value())

    def _evaluate(self, rule: Rule, text: str) -> cel.Value:
        expression = _careful(expressions.inline(text, rule.area.variables), self._partial)
        return expression.eval(data=self._data)


def not_known(reason: str) -> str:
    """Return the words for an unknown: `reason` holds its stand-in, or nothing of a patch shows it."""
    path = reason.partition(UNKNOWN)[2]
    return f"not known before the update: {path}" if path else _UNSEEN


@cache
def _words(rule: Rule) -> frozenset[str]:
    """Return the names in the rule's texts; "*" when it also reads what it does not name, as `annotations[k]` does."""
    variables = rule.area.variables
    text = expressions.inline(f"{expressions.check(rule)} {expressions.found(rule)}", variables)
    words: list[str] = _WORD.findall(text) + _LITERAL.findall(text)
    return frozenset([*words, *(["*"] if _DYNAMIC.search(text) else [])])


def may_read(rule: Rule, keys: AbstractSet[str]) -> bool:
    """Tell whether what the rule says may depend on the values of these keys."""
    words = _words(rule)
    return "*" in words or not words.isdisjoint(keys)


def _names() -> dict[str, cel.Type]:
    given = expressions.given(dict.fromkeys(expressions.given_names(load_rules())))
    return dict.fromkeys(["object", *given], cel.Type.DYN)


@cache
def _environment() -> cel.Env:
    return cel.NewEnv(variables=_names())


@cache
def _careful_environment(*, partial: bool) -> cel.Env:
    return careful_environment(_names(), partial=partial)


@cache
def _compiled(text: str) -> cel.Expression:
    return _environment().compile(text)


@cache
def _careful(text: str, partial: bool) -> cel.Expression:  # noqa: FBT001 - part of the cache's key
    return careful(_careful_environment(partial=partial), text)


def _is_error(value: cel.Value) -> bool:
    return value.type() == cel.Type.ERROR
