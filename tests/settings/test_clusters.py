"""Several clusters in one stack: what a further one says, what it has from the first, and what must differ."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings import SettingsError, StackSettings, load_file
from settings.checks.draft import Context
from settings.checks.finding import Finding
from settings.reading.clusters import SECTIONS, with_clusters
from tests.settings.helpers import GONE, TODAY, stack

POOLS = ("general", "spot", "win", "sandbox")
VERSIONS = {"general": "1.35.6", "spot": "1.34.9", "win": "1.35.6", "sandbox": "1.35.6"}
BLUE: dict[str, Any] = {
    "cluster": {"name": "aks-blue", "kubernetesVersion": "1.35.6"},
    "network": {"addressSpace": "10.61.0.0/16"},
    "systemPool": {"version": "1.35.6"},
    "poolVersions": VERSIONS,
}
FOUR_LINES = """\
  secure-aks:clusters:
    blue:
      cluster: {name: aks-blue, kubernetesVersion: 1.35.6}
      network: {addressSpace: 10.63.0.0/16}
      systemPool: {version: 1.35.6}
      poolVersions: {general: 1.35.6, spot: 1.35.5, win: 1.35.6, sandbox: 1.35.6}
"""
ROOT = Path(__file__).parents[2]
Written = Callable[[str], Path]


def read(clusters: Any, changes: dict[str, Any] | None = None) -> tuple[StackSettings | None, list[Finding]]:
    config = {"azure-native:location": "westeurope", "secure-aks:clusters": clusters}
    context = Context("prod", TODAY, frozenset({"dev", "staging", "prod"}))
    return with_clusters(stack(changes), config, context)


def good(clusters: Any, changes: dict[str, Any] | None = None) -> StackSettings:
    settings, findings = read(clusters, changes)
    assert findings == []
    assert settings is not None
    return settings


def without(*keys: str) -> dict[str, Any]:
    return {"blue": {key: value for key, value in BLUE.items() if key not in keys}}


def with_(**more: Any) -> dict[str, Any]:
    return {"blue": {**BLUE, **more}}


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")

    def write(more: str) -> Path:
        path = tmp_path / "Pulumi.dev.yaml"
        path.write_text((ROOT / "Pulumi.dev.yaml").read_text() + more)
        return path

    return write


def test_a_second_cluster_is_the_first_with_four_lines_of_its_own(written: Written) -> None:
    alone, both = load_file(written("")), load_file(written(FOUR_LINES))
    [(name, blue)] = both.further.items()
    assert name == "blue"
    assert (blue.cluster.name, str(blue.network.address_space)) == ("aks-blue", "10.63.0.0/16")
    assert blue.teams == both.teams == alone.teams
    assert [pool.name for pool in blue.pools] == [pool.name for pool in both.pools]
    assert both.model_dump() == alone.model_dump(), "the first cluster has changed"
    assert alone.further == {}
    assert both != alone


def test_a_version_of_its_own_is_no_other_clusters() -> None:
    both = good({"blue": {**BLUE, "poolVersions": {**VERSIONS, "win": "1.34.9"}}})
    assert {pool.name: str(pool.version) for pool in both.further["blue"].pools} == {
        **VERSIONS,
        "win": "1.34.9",
    }
    assert {pool.name: str(pool.version) for pool in both.pools} == VERSIONS


@pytest.mark.parametrize(
    ("clusters", "path", "why", "mend"),
    [
        (["blue"], "", "it is a list", "name of each further cluster"),
        ({"Blue": BLUE}, ".Blue", "no name of a cluster in a stack", "small letters"),
        ({"blue": None}, ".blue", "it is empty", "cluster, network"),
        ({f"c{n}": BLUE for n in range(11)}, "", "has 11 clusters, and 10", "second stack"),
        (with_(teams=[]), ".blue.teams", "teams is the same in all clusters", "secure-aks:teams"),
        (with_(netwrk={}), ".blue.netwrk", "no such key", "network"),
        (with_(poolVersions=[]), ".blue.poolVersions", "it is a list", "a pool's name and its version"),
        (with_(poolVersions={**VERSIONS, "genral": "1.35.6"}), ".blue.poolVersions.genral", "no pool of", "general"),
        (with_(poolVersions={**VERSIONS, "win": "1.35"}), ".blue.poolVersions.win", "1.35", "such as 1.35.6"),
        (without("poolVersions"), ".blue.poolVersions", "general, spot, win, sandbox is on the first", "poolVersions: {general: 1.35.6, spot: 1.34.9, win: 1.35.6, sandbox: 1.35.6}"),
        (without("systemPool"), ".blue.systemPool.version", "two steps in one `up`", "systemPool: {version: 1.35.6}"),
        (with_(cluster={"name": "aks-blue"}), ".blue.cluster.kubernetesVersion", "two steps in one `up`", "kubernetesVersion: 1.35.6"),
        (with_(systemPool={"version": "1.35.6", "name": "own"}), ".blue.systemPool.name", "it is own here and system", "leave the line out"),
        (with_(cluster={**BLUE["cluster"], "azurePolicy": False}), ".blue.cluster.azurePolicy", "it is false here and true", "leave the line out"),
        (with_(network={"addressSpace": "10.60.128.0/17"}), ".blue.network.addressSpace", "overlaps 10.60.0.0/16 of the first", "meets no other"),
        (with_(cluster={**BLUE["cluster"], "breakGlass": [{"name": "aks-admins", "members": ["521882d6-ab93-545d-872c-660e2997349e"]}]}), ".blue.cluster.breakGlass", "other members in the first", "another name"),
        (with_(cluster={**BLUE["cluster"], "resourceGroup": "RG-AKS"}), ".blue.cluster.resourceGroup", "'rg-aks' is that of the first", "existingResourceGroup"),
        (with_(cluster={**BLUE["cluster"], "tier": "Free"}), ".blue.cluster.tier", "SLA", "Standard"),
        (with_(cluster={**BLUE["cluster"], "extra": {"disableLocalAccounts": False}}), ".blue.cluster.extra.disableLocalAccounts", "belongs to nobody", "remove it"),
        (with_(network={"addressSpace": "10.61.0.0/33"}), ".blue.network.addressSpace", "10.61.0.0/33", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(clusters: Any, path: str, why: str, mend: str) -> None:
    settings, findings = read(clusters)
    assert settings is None
    assert [found.path for found in findings] == [f"secure-aks:clusters{path}"], findings
    assert why in findings[0].why
    assert mend in findings[0].remedy


def test_one_name_of_two_clusters() -> None:
    _, findings = read(with_(cluster={"name": "aks", "kubernetesVersion": "1.35.6"}))
    assert {found.path.rpartition(".")[2] for found in findings} == {"name", "resourceGroup"}
    _, findings = read({"blue": BLUE, "green": BLUE})
    assert "is that of cluster blue too" in findings[0].why


def test_a_registry_is_made_once() -> None:
    registry = {"cluster.registries": [{"name": "shopimages"}]}
    _, findings = read({"blue": BLUE}, registry)
    assert [(found.path, found.remedy.split(",")[0]) for found in findings] == [
        ("secure-aks:clusters.blue.cluster.registries", "write `registries: []`")
    ]
    both = good(with_(cluster={**BLUE["cluster"], "registries": []}), registry)
    assert both.further["blue"].cluster.registries == ()


@pytest.mark.parametrize(
    "owner",
    [
        {"versionRules": {"owner": "channel", "channel": "patch"}},
        {"versionRules": {"owner": "fleet"}, "fleet": {"name": "shop"}},
    ],
    ids=["channel", "fleet"],
)
def test_somebody_else_who_moves_versions_moves_those_of_every_cluster(owner: dict[str, Any]) -> None:
    """Then no line moves one, so that two clusters may share them."""
    both = good(without("poolVersions"), owner)
    assert both.further["blue"].version_rules.owner == owner["versionRules"]["owner"]
    assert both.further["blue"].pools[0].version == both.pools[0].version


def fleet(*groups: str, **more: Any) -> dict[str, Any]:
    stages = [{"name": f"s{number}", "groups": [group]} for number, group in enumerate(groups)]
    return {"versionRules": {"owner": "fleet"}, "fleet": {"name": "shop", "stages": stages, **more}}


def test_each_cluster_is_in_a_stage_of_the_fleet() -> None:
    both = good({"blue": BLUE}, fleet("prod", "prod-blue"))
    assert both.further["blue"].fleet_group("prod") == "prod-blue"
    _, [found] = read({"blue": BLUE}, fleet("prod"))
    assert found.path == "secure-aks:fleet.stages"
    assert "the group of cluster blue, prod-blue, is in no stage" in found.why
    _, [found] = read({"blue": BLUE}, fleet("x" * 46, group="x" * 46))
    assert found.path == "secure-aks:fleet.group"


def test_a_fault_of_the_first_cluster_is_told_once() -> None:
    settings, findings = read({"blue": BLUE}, {"teams[0].name": GONE})
    assert settings is None
    assert [found.path for found in findings] == ["secure-aks:teams[0].name"]


def test_a_message_names_the_line_of_the_further_cluster(written: Written) -> None:
    path = written(FOUR_LINES.replace("win: 1.35.6", "win: 1.35").replace("10.63.0.0", "10.62.0.0"))
    with pytest.raises(SettingsError) as refused:
        load_file(path)
    lines = path.read_text().splitlines()
    told = {problem.path.rpartition(".")[2]: problem.line for problem in refused.value.problems}
    assert told["win"] == 1 + next(n for n, line in enumerate(lines) if "win: 1.35," in line)
    path.write_text(path.read_text().replace("win: 1.35,", "win: 1.35.6,"))
    with pytest.raises(SettingsError) as refused:
        load_file(path)
    [problem] = refused.value.problems
    assert problem.line == 1 + next(n for n, line in enumerate(lines) if "10.62.0.0/16}" in line)


@given(st.lists(st.sampled_from([*SECTIONS, "poolVersions", "teams", "pools", "x"]), unique=True), st.data())
def test_no_overlay_breaks_the_reading(keys: list[str], data: st.DataObject) -> None:
    values = st.none() | st.text(max_size=3) | st.lists(st.integers(), max_size=2) | st.just({"name": "a"})
    overlay = {key: data.draw(values) for key in keys}
    settings, findings = read({"blue": overlay})
    assert (settings is None) == bool(findings)
    assert all(found.path.startswith("secure-aks:clusters.blue") for found in findings)


def test_the_page_shows_what_is_read(written: Written) -> None:
    page = (ROOT / "docs/several-clusters.md").read_text()
    assert f"```yaml\n{FOUR_LINES}```" in page
    assert load_file(written(FOUR_LINES)).further


EXISTING = {"existing": {"context": "kind", "podCidr": "10.244.0.0/16", "serviceCidr": "10.96.0.0/16"}}


def test_a_cluster_that_is_there_already_is_alone_in_its_stack() -> None:
    """Whether it is the first one or a further one."""
    first = {"cluster": {"name": "kind", "kubernetesVersion": "1.35.6"} | EXISTING}
    _, findings = read({"blue": BLUE}, first)
    assert "secure-aks:clusters" in {found.path for found in findings}
    blue = with_(cluster={**BLUE["cluster"], **EXISTING})
    _, findings = read(blue)
    assert [found.path for found in findings] == ["secure-aks:clusters.blue.cluster.existing"]
