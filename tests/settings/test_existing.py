"""A stack on a cluster that is there already: what of a stack file it takes, and what it refuses by name."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.checks.draft import Context
from settings.effective import effective
from settings.existing import OF_CLUSTER, SECTIONS
from settings.reading.assemble import assemble
from settings.reading.explain import aliases
from settings.reading.load import load_file
from settings.reading.problem import SettingsError
from settings.sections.cluster import Cluster
from settings.sections.stack import StackSettings
from tests.settings.helpers import good, read

TEAM = {"name": "payments", "groups": [{"name": "payments-developers", "role": "developer"}]}
THERE: dict[str, Any] = {
    "environment": "dev",
    "cluster": {"name": "kind", "kubernetesVersion": "1.36.3", "existing": {"context": "kind-kind"}},
    "teams": [TEAM],
}
TODAY = date(2026, 11, 23)
RANGE = {"range": "10.0.0.0/8", "ports": [443]}


def there(**sections: Any) -> tuple[StackSettings | None, list[Any]]:
    said = copy.deepcopy(THERE)
    for key, value in sections.items():
        said[key] = {**said[key], **value} if key == "cluster" else value
    return assemble(said, None, Context("kind", TODAY))


def team(**more: Any) -> list[Any]:
    return [{**TEAM, **more}]


def test_it_needs_no_location_network_or_pool():
    settings, findings = there()
    assert findings == []
    assert settings
    assert settings.all_pools == ()
    assert settings.system_pool is None


@pytest.mark.parametrize(
    "section", sorted({key for key, _ in aliases(StackSettings)} - SECTIONS - {"location"})
)
def test_each_section_that_azure_makes_is_refused_and_none_other(section):
    """By its own name, well written or not: nobody has to mend it first."""
    for value in ({}, [], {"no": "such"}):
        _, findings = there(**{section: value})
        assert [one.path for one in findings] == [f"secure-aks:{section}"]
        assert "remove it" in findings[0].remedy


@pytest.mark.parametrize("key", sorted({key for key, _ in aliases(Cluster)} - OF_CLUSTER))
def test_so_is_each_key_of_the_cluster(key):
    _, findings = there(cluster={key: "anything"})
    assert [one.path for one in findings] == [f"secure-aks:cluster.{key}"]


@pytest.mark.parametrize(
    ("sections", "path", "mend"),
    [
        ({"nodeUpdates": {"mode": "node-image"}}, "nodeUpdates.mode", "`mode: kured`"),
        ({"nodeUpdates": {"mode": "kured", "kured": {"startTime": "05:00", "endTime": "05:00"}}}, "nodeUpdates.kured.endTime", "later time"),
        ({"nodeUpdates": {"mode": "kured", "kured": {"monitoring": {"collector": "azure-monitor", "workspaceId": "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Monitor/accounts/m"}}}}, "nodeUpdates.kured.monitoring.collector", "prometheus-operator"),
        ({"maintenance": {"nodeOs": {"daily": {}}}}, "maintenance.nodeOs", "remove it"),
        ({"teams": team(isolation="nodes")}, "teams[0].isolation", "`isolation: namespace`"),
        ({"teams": team(isolation="sandbox")}, "teams[0].isolation", "`isolation: namespace`"),
        ({"teams": team(identities=[{"serviceAccount": "api"}])}, "teams[0].identities[0]", "remove it"),
        ({"teams": team(groups=[{"name": "a", "role": "viewer", "members": ["11111111-2222-3333-4444-555555555555"]}])}, "teams[0].groups[0].members", "remove it"),
        ({"teams": team(groups=[{"name": "system:authenticated", "role": "viewer"}])}, "teams[0].groups[0].name", "logins"),
        ({"cluster": {"deployers": [{"name": "system:masters"}]}}, "cluster.deployers[0].name", "logins"),
        ({"teams": team(egress=[RANGE])}, "teams[0].egress[0].range", "podCidr"),
        ({"cluster": {"existing": {"context": " "}}}, "cluster.existing.context", "get-contexts"),
        ({"cluster": {"existing": {}}}, "cluster.existing.context", ""),
        ({"cluster": {"existing": "kind"}}, "cluster.existing", "mapping"),
        ({"profiles": {"loaderImage": "r/l@sha256:" + "0" * 64, "seccomp": [{"name": "hardened", "pools": ["general"]}]}}, "profiles.seccomp[0].pools[0]", "remove it"),
    ],
)  # fmt: skip
def test_what_needs_azure_further_down_is_refused_too(sections, path, mend):
    settings, findings = there(**sections)
    assert settings is None
    assert [one.path for one in findings] == [f"secure-aks:{path}"]
    assert mend in findings[0].remedy


def test_what_kubernetes_itself_has_is_taken():
    settings, findings = there(
        cluster={
            "deployers": [{"name": "platform"}],
            "existing": {"context": "c", "podCidr": "10.244.0.0/16", "serviceCidr": "10.96.0.0/16"},
        },
        teams=team(egress=[RANGE], isolation="cluster"),
        nodeUpdates={"mode": "kured", "kured": {"concurrency": 2}},
        maintenance={"notAllowed": [{"start": "2026-12-18", "end": "2027-01-04"}]},
        admission={"systemNamespaces": ["local-path-storage"]},
    )
    assert findings == []
    assert settings
    assert settings.maintenance.not_allowed


def test_an_opening_into_the_pods_is_refused_by_the_cluster_s_own_range():
    existing = {"context": "c", "podCidr": "10.9.0.0/16", "serviceCidr": "10.96.0.0/16"}
    _, findings = there(
        cluster={"existing": existing}, teams=team(egress=[{"range": "10.9.3.0/24", "ports": [443]}])
    )
    assert [one.path for one in findings] == ["secure-aks:teams[0].egress[0].range"]


def test_in_prod_it_has_what_lives_inside():
    settings, findings = there(environment="prod", cluster={"name": "kind"})
    assert findings == []
    assert settings
    _, findings = there(environment="prod", admission={"mode": "Audit"})
    assert [one.rule for one in findings] == ["prod-admission"]
    _, findings = there(environment="prod", nodeUpdates={"mode": "kured", "kured": {"forceReboot": True}})
    assert [one.rule for one in findings] == ["prod-force-reboot"]


@given(mistake=st.sampled_from([None, [], "x", 3]))
def test_without_it_a_system_pool_is_needed_as_ever(mistake):
    settings, findings = read({"systemPool": mistake})
    assert settings is None
    assert "secure-aks:systemPool" in {one.path for one in findings}


def write(folder: Path, own: str = "") -> Path:
    path = folder / "Pulumi.kind.yaml"
    path.write_text(
        "config:\n  secure-aks:environment: dev\n  secure-aks:profile: prod\n  secure-aks:cluster:\n    name: kind\n"
        f"    kubernetesVersion: 1.36.3\n    existing: {{context: kind-kind}}\n{own}"
    )
    (folder / "Pulumi.yaml").write_text(
        "name: secure-aks\nruntime: python\nconfig:\n  azure-native:location: westeurope\n  secure-aks:tags: {value: {a: b}}\n"
        "  secure-aks:defaults:\n    value:\n      cluster: {podCidr: 10.1.0.0/16, login: msi}\n      network: {addressSpace: 10.0.0.0/8}\n"
        "      nodeUpdates: {mode: node-image}\n"
    )
    return path


def test_what_all_stacks_share_of_azure_is_left_out(tmp_path):
    settings = load_file(write(tmp_path))
    assert (settings.tags, settings.location, settings.cluster.login) == ({}, "", "azurecli")
    assert settings.cluster.inner_ranges == ()
    text = effective(tmp_path / "Pulumi.kind.yaml")
    assert "context: kind-kind" in text
    assert not [word for word in ("location", "login", "network", "tags", "tier") if word in text]


def test_a_refusal_has_its_line(tmp_path):
    own = "    tier: Standard\n  secure-aks:network:\n    addressSpace: 10.0.0.0/16\n"
    with pytest.raises(SettingsError) as raised:
        load_file(write(tmp_path, own))
    places = {(one.path, one.line) for one in raised.value.problems}
    assert places == {("secure-aks:cluster.tier", 8), ("secure-aks:network", 9)}


def test_the_others_have_their_own_ranges_as_before():
    assert [str(cidr) for cidr in good().cluster.inner_ranges] == ["10.244.0.0/16", "10.0.0.0/16"]
