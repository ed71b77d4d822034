"""The complete example of each module, said in a stack file: it lives, both packs let it by, and what it does not say is refused with the reason."""

import copy
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from secure_aks_security.judging.judge import Judge, Record
from secure_aks_security.judging.resources import Resource
from secure_aks_security.model import Level
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES
from secure_aks_security.stack_file.configuration import configure

from emulator.cloud.cloud import Cloud
from settings.checks.draft import Context
from settings.reading.assemble import assemble
from tests.asked.keys import FOLDER, SHIPPED, config
from tests.asked.life import OnArm, live, program, stand_there
from tests.emulator.azure_provider import Azure

PEERS = sorted((Path(__file__).parent / "peers").glob("*.yaml"))
TODAY = date(2026, 11, 23)


def whole(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def findings(config):
    sections = {key.removeprefix("secure-aks:"): copy.deepcopy(value) for key, value in config.items()}
    location = sections.pop("azure-native:location")
    stacks = frozenset({"dev", "staging", "prod"})
    return assemble(sections, location, Context(sections["environment"], TODAY, stacks))[1]


def refusals(config, registered, levels=(Level.MANDATORY,)):
    """What the security pack's rules of these levels say of each resource."""
    rules = [*load_rules(), *(one() for one in STACK_RULES)]
    judge = Judge(load_rules(), configure(rules, config), TODAY, Record())
    resources = [
        Resource(one.type, one.urn, one.name, one.inputs, ignored=tuple(one.request.ignoreChanges))
        for one in registered
    ]
    found = [finding for one in resources for finding in judge.judge(one)]
    return [f"{finding.rule.id}: {finding.message}" for finding in found if finding.rule.level in levels]


@pytest.mark.parametrize("path", PEERS, ids=lambda path: path.stem)
def test_an_example_lives_and_is_let_by(path, monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", str(TODAY))
    said = whole(path)["config"]
    assert findings(said) == []
    done = live(said, said["secure-aks:environment"])
    assert refusals(said, done.registered) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_judges_unless_told_otherwise_a_shipped_stack_satisfies(path, monkeypatch):
    """Advice too; what has to be switched on, tests/components/test_satisfiable_rules.py satisfies."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", str(TODAY))
    values = config(path)
    azure = Azure(Cloud())
    stand_there(azure, values)
    done = program(values, values["secure-aks:environment"], OnArm(azure))
    assert len(done.registered) > 100
    assert refusals(values, done.registered, tuple(Level)) == []


CARELESS = {
    "cluster-alerts-told": ("cluster.monitoring.contacts", None),
    "cluster-backup-immutable": ("cluster.backup.immutability", "Disabled"),
    "cluster-kms-network": ("cluster.encryption.etcd.vaultNetwork", "Public"),
    "cluster-public-ingress": ("cluster.ingress.defaultController", "External"),
    "grafana-public-access": ("cluster.monitoring.grafana.publicAccess", True),
    "pool-swap": ("systemPool.linux", {"swapMegabytes": 100}),
    "pool-zones": ("systemPool.zones", None),
    "rbac-pod-exec": (
        "teams",
        [
            {
                "name": "shop",
                "groups": [{"name": "shop", "role": "looks"}],
                "customRoles": [
                    {
                        "name": "looks",
                        "rules": [{"resources": ["secrets", "pods/exec"], "verbs": ["get", "create"]}],
                    }
                ],
            }
        ],
    ),
}
"""What the settings take and a rule has an opinion on: by the rule, the setting and its value; None where it is left out."""


def test_what_is_said_carelessly_a_rule_refuses_or_tells(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", str(TODAY))
    values = config(FOLDER / "features.yaml")
    for path, value in CARELESS.values():
        section, *keys = path.split(".")
        place, key = values, f"secure-aks:{section}"
        for inner in keys:
            place, key = place[key], inner
        place[key] = value
        if value is None:
            del place[key]
    assert findings(values) == []
    azure = Azure(Cloud())
    stand_there(azure, values)
    said = refusals(values, program(values, "dev", OnArm(azure)).registered, tuple(Level))
    assert CARELESS.keys() - {one.partition(":")[0] for one in said} == set()


REFUSED = [(path, row) for path in PEERS for row in whole(path)["refused"]]


@pytest.mark.parametrize(
    ("path", "row"), REFUSED, ids=lambda part: part.stem if isinstance(part, Path) else part["at"]
)
def test_what_an_example_has_and_we_refuse_is_refused_with_the_reason(path, row):
    config = copy.deepcopy(whole(path)["config"])
    section, _, rest = row["at"].partition(".")
    place = config.setdefault(f"secure-aks:{section}", {})
    place[rest] = {**place.get(rest, {}), **row["value"]} if isinstance(row["value"], dict) else row["value"]
    found = findings(config)
    assert any(row["why"] in f"{one.why} {one.remedy}" for one in found), found
