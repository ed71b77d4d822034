"""The verdicts: every rule that is on, over one resource."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from cel_expr_python import cel

from secure_aks_security import expressions
from secure_aks_security.configuration import Configuration
from secure_aks_security.exemptions import Exemption
from secure_aks_security.model import Area, Level, Rule, Variable
from secure_aks_security.expressions import check
from secure_aks_security.resources import Resource, judged_by, objects
from secure_aks_security.rules import built_in_exemptions
from secure_aks_security.unknowns import careful, careful_environment
from secure_aks_security.values import UNKNOWN, holds_unknown


class Verdict(StrEnum):
    """What is reported; a rule that passes is not."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Finding:
    """A verdict on one resource, in words."""

    rule: Rule
    verdict: Verdict
    message: str


@dataclass
class Record:
    """What the whole stack will be told at the end: which exemptions were of use, what stayed unknown."""

    used: set[Exemption] = field(default_factory=set[Exemption])
    unknown: dict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))


_UNSEEN = (
    "cannot be told from a patch that leaves the field alone; the admission policies judge the whole object"
)


@cache
def _environment() -> cel.Env:
    return cel.NewEnv(variables={"object": cel.Type.DYN})


@cache
def _careful_environment(partial: bool) -> cel.Env:
    return careful_environment(partial=partial)


@cache
def _compiled(text: str) -> cel.Expression:
    return _environment().compile(text)


@cache
def _careful(text: str, partial: bool) -> cel.Expression:
    return careful(_careful_environment(partial), text)


class Judge:
    """Judges resources by the rules, with one level and one set of parameters for each."""

    def __init__(self, rules: list[Rule], configuration: Configuration, today: date, record: Record) -> None:
        self._settings = configuration.settings
        self._facts = configuration.facts
        self._record = record
        self._exemptions = defaultdict[str, list[Exemption]](list)
        for exemption in (*built_in_exemptions(), *configuration.exemptions):
            if not exemption.expired(today):
                self._exemptions[exemption.rule].append(exemption)
        self._rules = defaultdict[str, list[Rule]](list)
        self._areas = {rule.area.name: rule.area for rule in rules}
        for rule in rules:
            if self._settings[rule.id].level is not Level.DISABLED:
                self._rules[rule.area.name].append(rule)
        self._all_pass = {
            name: " && ".join(f"({check(rule)})" for rule in on) for name, on in self._rules.items()
        }

    def judge(self, resource: Resource, only: str | None = None) -> list[Finding]:
        """Return what is wrong or not known about a resource; `only` one rule, by its id, or all of them."""
        return [finding for item in objects(resource) for finding in self._judge(item, only)]

    def _judge(self, item: Resource, only: str | None) -> Iterator[Finding]:
        for area in self._areas.values():
            rules = [rule for rule in self._rules[area.name] if only in {None, rule.id}]
            if rules and judged_by(item, area):
                yield from self._judge_area(item, area, rules)

    def _judge_area(self, item: Resource, area: Area, rules: list[Rule]) -> Iterator[Finding]:
        # Most resources pass every rule, and one expression says so.
        everything = self._all_pass[area.name]
        if item.patch or holds_unknown(item.properties):
            if self._careful_eval(item, everything, *self._rules[area.name]).plain_value() is True:
                return
            found = (self._careful_verdict(rule, item) for rule in rules)
        else:
            activation = _environment().Activation({"object": item.properties})
            text = expressions.bind(everything, self._variables(*self._rules[area.name]))
            if _compiled(text).eval(activation).plain_value() is True:
                return
            found = (self._verdict(rule, activation) for rule in rules)
        findings = [finding for finding in found if finding and not self._exempt(finding, item)]
        yield from (finding for finding in findings if finding.verdict is Verdict.FAIL)
        for verdict in (Verdict.MALFORMED, Verdict.UNKNOWN):
            yield from self._together([finding for finding in findings if finding.verdict is verdict], item)

    def _together(self, findings: list[Finding], item: Resource) -> Iterator[Finding]:
        """Say once for each value, not once for each rule, what is malformed or unknown; count what is unknown."""
        by_value = defaultdict[str, list[Finding]](list)
        for finding in findings:
            by_value[finding.message].append(finding)
            if finding.verdict is Verdict.UNKNOWN:
                self._record.unknown[finding.rule.id].add(item.urn)
        for value, same in by_value.items():
            rules = ", ".join(finding.rule.id for finding in same)
            # The one that stops the deployment, if any does, speaks for the others.
            first = min(same, key=lambda finding: self._settings[finding.rule.id].level is Level.ADVISORY)
            yield Finding(first.rule, first.verdict, f"[{rules}] {value}")

    def _exempt(self, finding: Finding, item: Resource) -> bool:
        covering = [exemption for exemption in self._exemptions[finding.rule.id] if exemption.covers(item)]
        self._record.used.update(covering)
        return bool(covering)

    def _verdict(self, rule: Rule, activation: cel.Activation) -> Finding | None:
        variables = self._variables(rule)
        text = check(rule)
        result = _compiled(expressions.bind(text, variables)).eval(activation)
        if _is_error(result):
            return Finding(rule, Verdict.MALFORMED, f"the object is malformed: {result.value()}")
        if result.plain_value() is True:
            return None
        text = expressions.found(rule)
        messages = _compiled(expressions.bind(text, variables, "map")).eval(activation)
        if _is_error(messages):
            return Finding(rule, Verdict.FAIL, expressions.refusal(rule, [rule.title]))
        return Finding(
            rule,
            Verdict.FAIL,
            expressions.refusal(rule, expressions.unwrap(messages.plain_value(), text, variables)),
        )

    def _careful_verdict(self, rule: Rule, item: Resource) -> Finding | None:
        result = self._careful_eval(item, check(rule), rule)
        if _is_error(result):
            reason = str(result.value())
            if item.patch or UNKNOWN in reason:
                where = reason.partition(UNKNOWN)[2]
                message = f"not known before the update: {where}" if where else _UNSEEN
                return Finding(rule, Verdict.UNKNOWN, message)
            return Finding(rule, Verdict.MALFORMED, f"the object is malformed: {reason}")
        if result.plain_value() is True:
            return None
        return Finding(rule, Verdict.FAIL, expressions.refusal(rule, self._careful_messages(rule, item)))

    def _careful_messages(self, rule: Rule, item: Resource) -> list[str]:
        """Return a message for each item that certainly fails."""
        count = 1
        if rule.over:
            size = self._careful_eval(item, f"variables.{expressions.iteration(rule)[0]}.size()", rule)
            count = size.plain_value()
        messages: list[str] = []
        for index in range(count):
            one = f"[variables.{expressions.iteration(rule)[0]}[{index}]]"
            result = self._careful_eval(item, expressions.found(rule, one), rule)
            if not _is_error(result):
                messages += result.plain_value()
        return messages or [rule.title]

    def _careful_eval(self, item: Resource, text: str, *rules: Rule) -> cel.Value:
        expression = _careful(expressions.inline(text, self._variables(*rules)), item.patch)
        return expression.eval(data={"object": item.properties})

    def _variables(self, *rules: Rule) -> list[Variable]:
        area = rules[0].area
        given = {name: self._facts[name] for name in area.facts}
        for rule in rules:
            given |= self._settings[rule.id].parameters
        return expressions.variables_of(area, given)


def _is_error(value: cel.Value) -> bool:
    return value.type() == cel.Type.ERROR
