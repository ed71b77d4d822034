"""Applies rules to resources: parameters, exemptions, and no exception that gets out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from secure_aks_lifecycle.judging.finding import Finding
from secure_aks_lifecycle.judging.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from secure_aks_lifecycle.judging.context import Context
    from secure_aks_lifecycle.judging.exemptions import Exemption
    from secure_aks_lifecycle.judging.resource import Resource
    from secure_aks_lifecycle.judging.rule import Rule


@dataclass(frozen=True, slots=True)
class Judge:
    """Applies rules in a context."""

    context: Context

    def level(self, rule: Rule) -> str:
        """Return a rule's enforcement level: its own entry in the stack file, the entry `all`, or its default."""
        levels = self.context.config.levels
        return levels.get(rule.id) or levels.get("all") or rule.level

    def params(self, rule: Rule, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a rule's parameters: given by the engine, else by the stack file, else its defaults."""
        found: dict[str, Any] = {name: param.default for name, param in rule.params.items()}
        for source in (*self._set(rule), given or {}):
            plain_values = {name: plain(value) for name, value in source.items() if name in rule.params}
            found.update(
                {name: value for name, value in plain_values.items() if rule.params[name].fits(value)}
            )
        return found

    def misfits(self, rules: Iterable[Rule]) -> list[str]:
        """List the parameters in the stack file that fit no parameter of their rule; the defaults hold instead."""
        found: list[str] = []
        for rule in rules:
            for source in self._set(rule):
                found += [
                    f"{rule.id}: there is no parameter {name}" for name in source if name not in rule.params
                ]
                found += [
                    f"{rule.id}: {name} cannot be {source[name]!r}; {param.default} holds"
                    for name, param in rule.params.items()
                    if name in source and not param.fits(source[name])
                ]
        return found

    def _set(self, rule: Rule) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return what the stack file says of a rule's parameters: in sections of their own, and among the policies."""
        config = self.context.config
        sections = {"versionRules": config.version_rules, "promotion": config.promotion}
        places = {name: param.setting for name, param in rule.params.items() if param.setting}
        elsewhere = {name: sections[at][key] for name, (at, key) in places.items() if key in sections[at]}
        return elsewhere, config.params.get(rule.id, {})

    def resource(
        self, rule: Rule, resource: Resource, given: Mapping[str, Any] | None = None
    ) -> list[Finding]:
        """Return what a rule finds in a resource, without what is exempt. Never raises."""
        left: list[Finding] = []
        for item in self._all(rule, resource, given):
            exemption = self._exempt(rule, resource, item)
            if exemption:
                self.context.needed.exemptions.add(exemption)
                continue
            if item.unknown:
                said = self.context.needed.unknown.setdefault(rule.id, [])
                said += [item.message] if item.message not in said else []
            left.append(self._with_expired(rule, resource, item))
        return left

    def exempted(self, rule: Rule, resource: Resource) -> list[tuple[Exemption, Finding]]:
        """Return what a rule would find in a resource were it not exempt. Never raises."""
        if not any(exemption.rule == rule.id for exemption in self.context.config.exemptions):
            return []
        found = ((self._exempt(rule, resource, item), item) for item in self._all(rule, resource, None))
        return [(exemption, item) for exemption, item in found if exemption]

    def stack(
        self, rule: Rule, resources: Sequence[Resource], given: Mapping[str, Any] | None = None
    ) -> list[Finding]:
        """Return what a rule finds in the stack as a whole. Never raises."""
        check = rule.stack_check
        return (
            _safely(rule, lambda: check(resources, self.context, self.params(rule, given))) if check else []
        )

    def _all(self, rule: Rule, resource: Resource, given: Mapping[str, Any] | None) -> list[Finding]:
        check = rule.check
        return _safely(rule, lambda: check(resource, self.context, self.params(rule, given))) if check else []

    def _exempt(self, rule: Rule, resource: Resource, finding: Finding) -> Exemption | None:
        holding = (item for item in self._naming(rule, resource, finding) if item.holds(self.context.today))
        return next(holding, None)

    def _naming(self, rule: Rule, resource: Resource, finding: Finding) -> list[Exemption]:
        exemptions = self.context.config.exemptions
        return [
            item
            for item in exemptions
            if item.rule == rule.id and not finding.unknown and item.names(resource, finding)
        ]

    def _with_expired(self, rule: Rule, resource: Resource, finding: Finding) -> Finding:
        ended = max((item.until for item in self._naming(rule, resource, finding)), default=None)
        return (
            replace(finding, message=f"{finding.message} (its exemption ended on {ended})")
            if ended
            else finding
        )


def _safely(rule: Rule, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001  # an exception would abort the whole deployment: report it as a violation
        return [
            Finding(
                f"the rule itself failed ({type(error).__name__}: {error}); please report it. Until it is mended, "
                f"`secure-aks:policies: {{lifecycle: {{{rule.id}: disabled}}}}` in the stack file switches it off"
            )
        ]
