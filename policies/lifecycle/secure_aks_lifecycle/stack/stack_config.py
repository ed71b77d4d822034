"""What the stack file tells the pack, through the configuration the engine passes in `PULUMI_CONFIG`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from secure_aks_lifecycle.judging.exemptions import Exemption
from secure_aks_lifecycle.judging.plain import dig
from secure_aks_lifecycle.stack.layers import DEFAULTS, over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROJECT = "secure-aks"
PROGRAM = "program"
"""The owner of the versions unless the stack file names another."""
LEVELS = ("disabled", "advisory", "mandatory", "remediate")


@dataclass(frozen=True, slots=True)
class StackConfig:
    """The sections the pack reads; what could not be read stands in `problems`, and the defaults hold instead."""

    environment: str = ""
    location: str = ""
    """Azure region of the stack."""
    system_pool: str = ""
    """Name of the cluster's one inline pool."""
    cluster: Mapping[str, Any] = field(default_factory=dict[str, Any])
    version_rules: Mapping[str, Any] = field(default_factory=dict[str, Any])
    promotion: Mapping[str, Any] = field(default_factory=dict[str, Any])
    levels: Mapping[str, str] = field(default_factory=dict[str, str])
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, "Mapping[str, Any]"])
    exemptions: tuple[Exemption, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def version_owner(self) -> str:
        """Who moves versions: program, channel or fleet."""
        return str(self.version_rules.get("owner") or PROGRAM)

    @property
    def is_existing(self) -> bool:
        """Whether the cluster is there already, and its versions are moved by whoever made it."""
        return bool(self.cluster.get("existing"))

    @classmethod
    def parse(cls, config: Mapping[str, Any]) -> StackConfig:
        """Read the flat configuration, in which structured values may be JSON text. Never raises."""
        reader = _Reader(config)
        levels, params = reader.rules("policies", "lifecycle")
        return cls(
            environment=str(reader.value("environment") or ""),
            location=str(config.get("azure-native:location") or ""),
            system_pool=str(reader.mapping("systemPool").get("name") or ""),
            cluster=reader.mapping("cluster"),
            version_rules=reader.mapping("versionRules"),
            promotion=reader.mapping("promotion"),
            levels=levels,
            params=params,
            exemptions=tuple(reader.exemptions()),
            problems=tuple(reader.problems),
        )

    def checked(self, known: frozenset[str], exemptable: frozenset[str]) -> StackConfig:
        """Return it with what names a rule that is not there among its problems."""
        names = {*self.levels, *self.params} - known - {"all"}
        problems = [f"{PROJECT}:policies.lifecycle.{name}: there is no such rule" for name in sorted(names)]
        problems += [
            f"{PROJECT}:exemptions: {item.rule} is about the whole stack and knows no exemption; set its level instead"
            for item in self.exemptions
            if item.rule in known - exemptable
        ]
        return self.with_problems(problems)

    def with_problems(self, problems: Iterable[str]) -> StackConfig:
        """Return it with further problems."""
        return replace(self, problems=(*self.problems, *problems))


class _Reader:
    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.problems: list[str] = []
        shared = self._said(DEFAULTS)
        self.shared: Mapping[str, Any] = cast("dict[str, Any]", shared) if isinstance(shared, dict) else {}

    def value(self, section: str) -> Any:
        """Return a section over what all stacks share of it."""
        shared = self.shared.get(section)
        return over(self._said(section), shared) if f"{PROJECT}:{section}" in self.config else shared

    def _said(self, section: str) -> Any:
        value = self.config.get(f"{PROJECT}:{section}")
        if isinstance(value, str) and value[:1] in {"{", "["}:
            try:
                return json.loads(value)
            except ValueError:
                self.problems.append(f"{PROJECT}:{section}: is not valid JSON; its defaults hold")
                return None
        return value

    def mapping(self, section: str) -> dict[str, Any]:
        value = self.value(section)
        if value is not None and not isinstance(value, dict):
            self.problems.append(f"{PROJECT}:{section}: is not a mapping; its defaults hold")
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    def rules(self, section: str, pack: str) -> tuple[dict[str, str], dict[str, Mapping[str, Any]]]:
        levels: dict[str, str] = {}
        params: dict[str, Mapping[str, Any]] = {}
        entries = dig(self.mapping(section), pack)
        for rule, entry in cast("dict[str, Any]", entries if isinstance(entries, dict) else {}).items():
            level = dig(entry, "enforcementLevel") if isinstance(entry, dict) else entry
            if level in LEVELS:
                levels[rule] = level
            elif level is not None:
                self.problems.append(
                    f"{PROJECT}:{section}.{pack}.{rule}: '{level}' is not one of {', '.join(LEVELS)}"
                )
            if isinstance(entry, dict):
                params[rule] = {
                    k: v for k, v in cast("dict[str, Any]", entry).items() if k != "enforcementLevel"
                }
        return levels, params

    def exemptions(self) -> list[Exemption]:
        value = self.value("exemptions")
        found: list[Exemption] = []
        for index, item in enumerate(cast("list[Any]", value) if isinstance(value, list) else []):
            try:
                found.append(Exemption.parse(item))
            except ValueError as error:
                self.problems.append(f"{PROJECT}:exemptions[{index}]: {error}; it does not count")
        return found
