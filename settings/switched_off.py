"""What of the policy packs a stack file switches off, or lowers to advice: named at every preview and in every check."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from settings.facts.pack_rules import PACKS, pack_rules
from settings.fields.patterns import fits
from settings.sections.exemptions import Exemption
from settings.sections.policies import Policies, PolicyConfig

RULE = "prod-policies"
"""The rule that a production stack breaks by what it switches off."""
OTHER_NAME = "environment-name"
"""The rule that a stack breaks whose environment is not the one in its name."""
_WHOLE = "all"
_OFF, _ADVICE = "disabled", "advisory"
REMEDY = "remove the key (in prod advisory needs an exemption too)"
"""What to do about either."""


@dataclass(frozen=True)
class SwitchedOff:
    """Rules that judge by default and do not here, or stop an `up` and only advise here: one, or with `all` those of a pack that have no level of their own."""

    pack: str
    key: str
    rules: tuple[str, ...]
    level: str = _OFF

    @property
    def path(self) -> str:
        """Where the stack file says so."""
        return f"secure-aks:policies.{self.pack}.{self.key}"

    @property
    def name(self) -> str:
        """What an exemption calls it: the rule, or the pack."""
        return self.pack if self.key == _WHOLE else self.key

    def __str__(self) -> str:
        is_off = self.level == _OFF
        every = len(pack_rules()[self.pack].on if is_off else pack_rules()[self.pack].stopping)
        if self.key != _WHOLE:
            what, verb, it = f"the rule {self.key} of the {self.pack} pack", "is", "it"
        elif len(self.rules) == every:
            what, verb, it = f"the whole {self.pack} pack", "is", "what it is about"
        else:
            rules = "rules" if is_off else "rules that stop an `up`,"
            what, verb, it = (
                f"{len(self.rules)} of the {every} {rules} of the {self.pack} pack",
                "are",
                "them",
            )
        if is_off:
            return f"{what} {verb} switched off ({self.path}), and nothing judges {it}"
        return f"{what} {verb} lowered to advice ({self.path}), and nothing stops an `up` over {it}"


@dataclass(frozen=True)
class Exempt:
    """A stack whose environment is not the one of its name, by an exemption."""

    path: str
    exemption: Exemption
    environment: str

    def __str__(self) -> str:
        reason = " ".join(self.exemption.reason.split())
        return (
            f"the environment is {self.environment}, the stack's name promises another, and nothing asks for what that one "
            f"must have ({self.path}); exempt until {self.exemption.until}: {reason}"
        )


def switched_off(policies: Policies) -> list[SwitchedOff]:
    """Return what is switched off or lowered, pack by pack in the order of the stack file."""
    return [part for pack in PACKS for part in _of_pack(pack, getattr(policies, pack))]


def excused(part: SwitchedOff, exemptions: Iterable[Exemption]) -> Exemption | None:
    """Return the exemption that lets a production stack switch this off or lower it; None where there is none."""
    return next((e for e in exemptions if e.rule == RULE and fits(e.resource.name, part.name)), None)


def other_environment(exemptions: Iterable[Exemption], environment: str) -> Iterator[Exempt]:
    """Yield what a stack is let off whose name promises another environment than it has: nothing else would tell of it."""
    for index, exemption in enumerate(exemptions):
        if exemption.rule == OTHER_NAME:
            yield Exempt(f"secure-aks:exemptions[{index}]", exemption, environment)


def _of_pack(pack: str, configs: dict[str, PolicyConfig]) -> Iterator[SwitchedOff]:
    own = {name: config.enforcement_level for name, config in configs.items() if config.enforcement_level}
    counted = {_OFF: pack_rules()[pack].on, _ADVICE: pack_rules()[pack].stopping}
    whole = own.pop(_WHOLE, "")
    if rules := tuple(sorted(counted.get(whole, frozenset()) - own.keys())):
        yield SwitchedOff(pack, _WHOLE, rules, whole)
    for name, level in own.items():
        if name in counted.get(level, ()):
            yield SwitchedOff(pack, name, (name,), level)
