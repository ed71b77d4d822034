"""The rules of one area over one object, in CEL: the quick way for known values, the careful way for the rest."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, cast

from secure_aks_security import expressions
from secure_aks_security.cel.operations import EvaluationError, MissingError
from secure_aks_security.cel.program import (
    CarefulVariables,
    NoQuickValueError,
    PatchVariables,
    Variables,
    variables,
)
from secure_aks_security.judging.malformed import fault
from secure_aks_security.judging.resources import Resource
from secure_aks_security.judging.values import UNKNOWN
from secure_aks_security.model import Area, Rule

NOT_KNOWN = "not known before the update: "
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
_TOO_LARGE = object()


class Evaluator:
    """Evaluates rules over objects. `given` are the values of the rules' parameters and facts."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._classes: dict[tuple[type[Variables], Area, bool], type[Any]] = {}

    def over(self, item: Resource, area: Area, *, whole: bool = False) -> "Evaluation":
        """Return the evaluation of an area's rules over one object, of which `whole` says that every value is known."""
        careful = PatchVariables if item.patch else CarefulVariables
        quick = self._variables(Variables, area, whole=whole)
        return Evaluation(
            item, quick, self._variables(careful, area), limited=whole and area.most is not None
        )

    def _variables(self, base: type[Variables], area: Area, *, whole: bool = False) -> type[Any]:
        made = self._classes.get((base, area, whole))
        if made is None:
            texts = {one.name: (one.installed if whole else "") or one.expression for one in area.variables}
            made = self._classes[base, area, whole] = variables(base, texts, self._given)
        return made


class Evaluation:
    """One area's rules over one object, which share what they both read."""

    def __init__(
        self,
        item: Resource,
        quick: type[Variables],
        careful: type[CarefulVariables],
        *,
        limited: bool,
    ) -> None:
        self._item = item
        self._limited = limited
        self._quick = quick(item.properties)
        self._careful_class = careful
        self._careful_made: CarefulVariables | None = None

    def doubtful(self, rules: tuple[Rule, ...]) -> list[tuple[Rule, Any]]:
        """Return the rules that do not simply let pass an object whose every value, as far as they read it, is known.

        With each stands what its expression said: false, or None where it has no quick value; or that the object is too
        large for it.
        """
        if rules and self._is_too_large():
            large = [rule for rule in rules if expressions.limited(rule)]
            others = tuple(rule for rule in rules if rule not in large)
            said = dict(self._asked(others)) | dict.fromkeys(large, _TOO_LARGE)
            return [(rule, said[rule]) for rule in rules if rule in said]
        return self._asked(rules)

    def _asked(self, rules: tuple[Rule, ...]) -> list[tuple[Rule, Any]]:
        return [(rules[position], said) for position, said in self._quick.unless_true(_checks(rules))]

    def _is_too_large(self) -> bool:
        """Tell whether the API server would not get through the object, so that the preview says what it will say."""
        if not self._limited:
            return False
        try:
            return self._quick.evaluate(expressions.TOO_LARGE) is True
        except NoQuickValueError:
            return False

    def refuse(self, rule: Rule, said: Any) -> Answer:
        """Return the answer of a rule that is doubtful."""
        if said is _TOO_LARGE:
            return Answer(Verdict.FAIL, expressions.unjudged(rule))
        if said is False:
            try:
                words = cast("list[str]", self._quick.evaluate(expressions.found(rule)))
                return Answer(Verdict.FAIL, expressions.refusal(rule, words))
            except NoQuickValueError:
                pass
        return self.judge_carefully(rule)

    def judge(self, rule: Rule) -> Answer:
        """Return what one rule says of an object whose every value, as far as the rule reads it, is known."""
        doubtful = self.doubtful((rule,))
        return self.refuse(*doubtful[0]) if doubtful else _PASS

    def judge_carefully(self, rule: Rule) -> Answer:
        """Return what one rule says of an object with unknowns, or of a patch, which shows a part of an object."""
        try:
            passes = self._careful.evaluate(expressions.check(rule))
        except (EvaluationError, RecursionError) as error:
            return self._no_value(rule, error)
        if passes is True:
            return _PASS
        if passes is False:
            return Answer(Verdict.FAIL, expressions.refusal(rule, self._words(rule) or [rule.title]))
        return self._no_value(rule, EvaluationError("the rule's answer is not a boolean"))

    def holds(self, condition: str) -> bool:
        """Tell whether a condition is certainly true of the object."""
        try:
            return self._careful.evaluate(condition) is True
        except (EvaluationError, RecursionError):
            return False

    @property
    def _careful(self) -> CarefulVariables:
        if self._careful_made is None:
            self._careful_made = self._careful_class(self._item.properties)
        return self._careful_made

    def _no_value(self, rule: Rule, error: Exception) -> Answer:
        reason = str(error)
        if UNKNOWN in reason or self._item.patch:
            return Answer(Verdict.UNKNOWN, not_known(reason))
        missing = error.name if isinstance(error, MissingError) else ""
        return Answer(Verdict.MALFORMED, fault(rule, self._item, reason, missing))

    def _words(self, rule: Rule) -> list[str]:
        """Return the words about the items that certainly fail."""
        words = self._messages(rule, "")
        if not words and rule.over:  # something about another item is not known
            items = f"variables.{expressions.iteration(rule.over)[0]}"
            for item in self._items(items):
                self._careful.__dict__["STRICT_oneItem"] = [item]
                words += self._messages(rule, "variables.oneItem")
        return words

    def _items(self, text: str) -> list[Any]:
        try:
            return list(self._careful.evaluate(text))
        except EvaluationError:
            return []

    def _messages(self, rule: Rule, items: str) -> list[str]:
        try:
            return cast("list[str]", self._careful.evaluate(expressions.found(rule, items)))
        except (EvaluationError, RecursionError):
            return []


@cache
def _checks(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    return tuple(expressions.check(rule) for rule in rules)


def not_known(reason: str) -> str:
    """Return the words for an unknown: `reason` holds its stand-in, or nothing of a patch shows it."""
    path = reason.partition(UNKNOWN)[2]
    return f"{NOT_KNOWN}{path}" if path else _UNSEEN


@cache
def _words(rule: Rule) -> frozenset[str]:
    """Return the names in the rule's texts; "*" when it also reads what it does not name, as `annotations[k]` does."""
    used = expressions.used(f"{expressions.check(rule)} {expressions.found(rule)}", rule.area.variables)
    text = " ".join(
        [expressions.check(rule), expressions.found(rule), *(variable.expression for variable in used)]
    )
    words: list[str] = _WORD.findall(text) + _LITERAL.findall(text)
    return frozenset([*words, *(["*"] if _DYNAMIC.search(text) else [])])


def may_read(rule: Rule, keys: AbstractSet[str]) -> bool:
    """Tell whether what the rule says may depend on the values of these keys."""
    words = _words(rule)
    return "*" in words or not words.isdisjoint(keys)
