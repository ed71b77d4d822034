"""The verdicts: every rule that is on, over one resource."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from secure_aks_security import expressions
from secure_aks_security.judging.evaluation import (
    Answer,
    Evaluator,
    Verdict,
    may_read,
    not_known,
)
from secure_aks_security.judging.resources import Resource, is_custom, judged_by, token_without_version
from secure_aks_security.judging.values import is_unknown, unknown_keys
from secure_aks_security.model import Area, Level, Rule
from secure_aks_security.objects import objects
from secure_aks_security.stack_file.configuration import Configuration
from secure_aks_security.stack_file.exemptions import Exemption


class Finding(NamedTuple):
    """A verdict on one resource that is not a pass, in words."""

    rule: Rule
    verdict: Verdict
    message: str


def grouped(findings: list[Finding], name: str) -> list[Finding]:
    """Return the findings on a resource; of more than MOST of one rule, as of a long List, the first few and how many more."""
    if len(findings) <= expressions.MOST:
        return findings
    same = defaultdict[tuple[str, Verdict], list[Finding]](list)
    for finding in findings:
        same[finding.rule.id, finding.verdict].append(finding)
    if all(len(group) <= expressions.MOST for group in same.values()):
        return findings
    return [one for group in same.values() for one in _first(group, name)]


def _first(group: list[Finding], name: str) -> list[Finding]:
    if len(group) <= expressions.MOST:
        return group
    shown = group[: expressions.MOST - 1]
    more = f"[{group[0].rule.id}] and so are {len(group) - len(shown)} more objects of {name}"
    return [*shown, group[0]._replace(message=more)]


Unjudged = tuple[tuple[str, ...], str]
"""Rules, and what they do not know."""


@dataclass
class Record:
    """What the stack rules will want to know at the end.

    `used` are the exemptions that were of use, `unknown` what could not be judged: by rules and words, the URNs
    and names of the resources (none for the stack). `inputs` are the resources of the types in `watched`, as they were declared: at the
    end the engine shows outputs, which at a preview may hold less.
    """

    used: set[Exemption] = field(default_factory=set[Exemption])
    unknown: dict[Unjudged, set[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict[Unjudged, set[tuple[str, str]]](set)
    )
    inputs: dict[str, Resource] = field(default_factory=dict[str, Resource])
    watched: frozenset[str] = frozenset()


class Judge:
    """Judges resources by the rules, with one level and one set of parameters for each."""

    def __init__(self, rules: list[Rule], configuration: Configuration, today: date, record: Record) -> None:
        self._settings = configuration.settings
        self._record = record
        self._exemptions = defaultdict[str, list[Exemption]](list)
        for exemption in configuration.all_exemptions:
            if not exemption.expired(today):
                self._exemptions[exemption.rule].append(exemption)
        self._allowances = defaultdict[str, list[str]](list)
        for allowance in configuration.allowances:
            self._allowances[allowance.rule].append(allowance.condition)
        on = [
            rule
            for rule in rules
            if self._settings[rule.id].level is not Level.DISABLED
            and rule.holds_on(configuration.kubernetes_version)
        ]
        by_area = defaultdict[Area, list[Rule]](list)
        for rule in on:
            by_area[rule.area].append(rule)
        self._by_sort: dict[tuple[str, str, str | None], list[tuple[Rule, ...]]] = {}
        self._areas = [(area, tuple(rules)) for area, rules in by_area.items()]
        given: dict[str, Any] = dict(configuration.facts)
        for rule in on:
            given |= self._settings[rule.id].parameters
        self._evaluator = Evaluator(given)

    def judge(self, resource: Resource, only: str | None = None) -> list[Finding]:
        """Return what is wrong or not known about a resource; `only` one rule, by its id, or all of them."""
        if token_without_version(resource.type) in self._record.watched:
            self._record.inputs[resource.urn] = resource
        return [
            finding
            for item in objects(resource)
            for rules in self._asked_of(item)
            for finding in self._judge(
                item, tuple(rule for rule in rules if rule.id == only) if only else rules
            )
        ]

    def _asked_of(self, item: Resource) -> list[tuple[Rule, ...]]:
        """Return the rules about an object, area by area."""
        sort = (item.type, item.kind, item.group)
        found = self._by_sort.get(sort)
        if found is None or item.unread or is_custom(item.group):
            found = [rules for area, rules in self._areas if judged_by(item, area)]
            if not (item.unread or is_custom(item.group)):  # of those it hangs on what they hold
                self._by_sort[sort] = found
        return found

    def _judge(self, item: Resource, rules: tuple[Rule, ...]) -> list[Finding]:
        if not rules:
            return []
        fails: list[Finding] = []
        others: list[Finding] = []
        fail, exemptions = Verdict.FAIL, self._exemptions
        for rule, (verdict, words) in self._answers(item, rules):
            if rule.id not in exemptions or not self._exempt(rule, item):
                (fails if verdict is fail else others).append(Finding(rule, verdict, words))
        return [*fails, *self._together(item, others)] if others else fails

    def _answers(self, item: Resource, rules: tuple[Rule, ...]) -> list[tuple[Rule, Answer]]:
        """Return what the rules say that do not pass, but what the platform is let do.

        What an unknown may change needs the careful way.
        """
        if item.unread:
            return [(rule, _unread(item.unread)) for rule in rules]
        keys = set[str]() if item.known else unknown_keys(item.properties)
        evaluation = self._evaluator.over(item, rules[0].area, whole=not (keys or item.patch))
        careful = _careful(rules, keys, patch=item.patch) if keys or item.patch else []
        doubtful = evaluation.doubtful(_others(rules, careful))
        if careful:
            said = dict.fromkeys(careful) | dict(doubtful)
            doubtful = [(rule, said[rule]) for rule in rules if rule in said]
        answers: list[tuple[Rule, Answer]] = []
        passes, allowances = Verdict.PASS, self._allowances
        for rule, value in doubtful:
            try:
                answer = evaluation.refuse(rule, value)
            except Exception as error:  # noqa: BLE001 - whatever an object holds, it must not end the deployment
                # Of this rule alone: another rule's verdict does not hang on it.
                answer = Answer(Verdict.MALFORMED, f"the object cannot be judged: {error}")
            if answer.verdict is passes:
                continue
            if rule.id not in allowances or not any(map(evaluation.holds, allowances[rule.id])):
                answers.append((rule, answer))
        return answers

    def _together(self, item: Resource, findings: list[Finding]) -> Iterator[Finding]:
        """Say once for each value, not once for each rule, what is malformed or unknown; count what is unknown."""
        same_value = defaultdict[tuple[Verdict, str], list[Finding]](list)
        for finding in findings:
            same_value[finding.verdict, finding.message].append(finding)
        for (verdict, words), same in same_value.items():
            # The rule that stops the deployment, if one does, speaks for the others.
            first = min(same, key=lambda finding: self._settings[finding.rule.id].level is Level.ADVISORY)
            rules = tuple(finding.rule.id for finding in same)
            if verdict is Verdict.UNKNOWN:
                self._record.unknown[rules, words].add((item.urn, item.name))
            yield Finding(first.rule, verdict, f"[{', '.join(rules)}] {words}")

    def _exempt(self, rule: Rule, item: Resource) -> bool:
        covering = [exemption for exemption in self._exemptions[rule.id] if exemption.covers(item)]
        self._record.used.update(covering)
        return bool(covering)


def _careful(rules: tuple[Rule, ...], keys: set[str], *, patch: bool) -> list[Rule]:
    return [rule for rule in rules if patch or may_read(rule, keys)]


def _others(rules: tuple[Rule, ...], careful: list[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if rule not in careful) if careful else rules


def _unread(found: str) -> Answer:
    if is_unknown(found):
        return Answer(Verdict.UNKNOWN, not_known(found))
    return Answer(Verdict.MALFORMED, f"the object is malformed: {found}")
