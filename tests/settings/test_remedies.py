"""Every remedy of a rule names settings that exist."""

import re
from pathlib import Path

import pytest
from secure_aks_lifecycle.rules import RULES as LIFECYCLE
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES

from settings.checks.finding import RULES
from settings.facts.azure_api import Resource
from settings.facts.ours import owner
from settings.facts.pack_rules import pack_rules
from settings.reading import kinds
from settings.reading.explain import aliases
from settings.reading.layer_keys import LAYER_KEYS
from settings.sections.stack import StackSettings

REMEDIES = {
    **{rule.id: rule.remedy for rule in load_rules()},
    **{rule.id: rule.remedy for rule in STACK_RULES},
    **{rule.id: rule.remedy for rule in LIFECYCLE},
}
ROOT = Path(__file__).parents[2]
_SETTING = re.compile(r"secure-aks:([A-Za-z]+(?:\[\])?(?:\.[A-Za-z<>-]+(?:\[\])?)*)")


def unknown(path: str) -> str | None:
    """The first part of a path such as pools[].osSku that the settings do not have."""
    model, parts = StackSettings, iter(path.split("."))
    for part in parts:
        name, is_list = part.removesuffix("[]"), part.endswith("[]")
        field = dict(aliases(model)).get(name)
        if field is None:
            known = name in LAYER_KEYS or model.model_config.get("extra") == "allow"
            return None if known else name
        kind = kinds.of_field(field)
        if is_list and kind.container != "list":
            return part
        if kind.model is None:
            return None  # what follows is one of Azure's own
        if kind.container == "mapping":
            next(parts, None)  # a name that the stack file chooses, such as a rule's
        model = kind.model
    return None


KINDS: dict[str, Resource] = {"clusters": "cluster", "pools": "pool"}
ABOUT_A_SETTING = sorted(
    rule.id
    for rule in load_rules()
    if (kind := KINDS.get(rule.area.name))
    and any((one := owner(kind, at)) and one.setting for at in rule.fields)
)
OF_THE_PROVIDER = {"pool-autoscaled-count"}
"""What no line of a stack file brings about."""


@pytest.mark.parametrize("rule", sorted({*ABOUT_A_SETTING} - OF_THE_PROVIDER))
def test_a_remedy_names_a_setting_where_one_says_the_property(rule):
    assert _SETTING.search(REMEDIES[rule]), REMEDIES[rule]


@pytest.mark.parametrize("rule", REMEDIES)
def test_a_remedy_names_nothing_for_extra_that_extra_refuses(rule):
    for name in re.findall(r"([A-Za-z]+(?:\.[A-Za-z]+)+) in secure-aks:cluster\.extra", REMEDIES[rule]):
        assert owner("cluster", name) is None, name


ROOMS = ("settings", "components", "upgrades", "cli")
_INDEX = re.compile(r"\[(\d+|\{[^}]*\})\]")
_LITERAL = re.compile(r"secure-aks:([a-z][A-Za-z]+(?:\[\])?(?:\.[a-zA-Z]+(?:\[\])?)*)(?![\w{<*])")


def test_what_our_own_messages_name_exists():
    """Words of checks, gates and commands, as far as they are written out; type tokens and further clusters aside."""
    texts = [path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    named = {name for text in texts for name in _LITERAL.findall(_INDEX.sub("[]", text))}
    named = {name for name in named if not name.startswith(("index", "clusters"))}
    assert len(named) > 60
    assert {name: wrong for name in named if (wrong := unknown(name))} == {}


def test_all_rules_of_both_packs_are_looked_at():
    assert REMEDIES.keys() >= {name for rules in pack_rules().values() for name in rules.every}


@pytest.mark.parametrize("rule", REMEDIES)
def test_a_remedy_names_settings_that_exist(rule):
    for path in _SETTING.findall(REMEDIES[rule]):
        assert unknown(path) is None, f"{rule}: there is no secure-aks:{path}"


@pytest.mark.parametrize(
    ("path", "wrong"),
    [("cluster.nope", "nope"), ("nope", "nope"), ("pools[].osSku", None), ("cluster[].name", "cluster[]"), ("cluster.extra.anything", None), ("pools[].upgrade.maxSurg", "maxSurg"), ("policies.security.pod-probes.enforcementLevel", None), ("policies.secruity.x", "secruity")],
)  # fmt: skip
def test_a_setting_that_does_not_exist_would_be_found(path, wrong):
    assert unknown(path) == wrong


def test_rules_of_the_settings_are_apart_from_those_of_the_packs():
    assert not RULES.keys() & REMEDIES.keys()
