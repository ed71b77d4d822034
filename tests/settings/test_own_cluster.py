"""`isolation: cluster` in a stack with other teams: which cluster has which teams and pools, and what the team's own may not share."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from settings import StackSettings, load_file
from settings.effective import effective
from settings.reading.load import load_cluster
from settings.reading.tenants import own_clusters, part_of
from tests.settings.helpers import GONE
from tests.settings.test_clusters import BLUE, ROOT, good, read

WORD: dict[str, Any] = {"teams[1].isolation": "cluster"}
OWN: dict[str, Any] = {
    "cluster": {"name": "aks-partners", "kubernetesVersion": "1.35.6"},
    "network": {"addressSpace": "10.70.0.0/16"},
    "systemPool": {"version": "1.35.6"},
    "poolVersions": {"sandbox": "1.35.6"},
}
DISK = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/disks"
LINES = """\
  secure-aks:clusters:
    partners:
      cluster: {name: aks-partners, kubernetesVersion: 1.35.6}
      network: {addressSpace: 10.63.0.0/16}
      systemPool: {version: 1.35.6}
      poolVersions: {sandbox: 1.35.6}
"""


def teams_and_pools(settings: StackSettings) -> dict[str, tuple[list[tuple[str, str]], list[str]]]:
    views = {"": settings, **settings.further}
    return {
        name: ([(team.name, team.isolation) for team in view.teams], [pool.name for pool in view.pools])
        for name, view in views.items()
    }


def test_the_team_is_in_its_cluster_alone_with_its_pools() -> None:
    assert teams_and_pools(good({"partners": OWN}, WORD)) == {
        "": ([("payments", "namespace")], ["general", "spot", "win"]),
        "partners": ([("partners", "cluster")], ["sandbox"]),
    }


def test_another_cluster_of_the_stack_has_what_the_first_has() -> None:
    found = teams_and_pools(good({"blue": BLUE, "partners": OWN}, WORD))
    assert found["blue"] == found[""]


def test_the_cluster_has_the_pools_whose_version_it_says() -> None:
    pools = {"poolVersions": {"general": "1.35.6", "sandbox": "1.35.6"}}
    assert teams_and_pools(good({"partners": OWN | pools}, WORD))["partners"][1] == ["general", "sandbox"]


def test_while_it_moves_it_is_in_both_and_kept_apart_in_the_first_as_before() -> None:
    found = teams_and_pools(good({"partners": OWN}, WORD | {"teams[1].movingFrom": "sandbox"}))
    assert found[""] == (
        [("payments", "namespace"), ("partners", "sandbox")],
        ["general", "spot", "win", "sandbox"],
    )
    assert found["partners"] == ([("partners", "cluster")], ["sandbox"])


def test_moving_without_a_cluster_to_move_into_is_refused() -> None:
    alone = {"teams[0]": GONE, "pools[3].namespace": GONE, "teams[0].isolation": "cluster"}
    for place, changes in (("teams[1]", {}), ("teams[0]", alone)):
        _, [found] = read(None, changes | {f"{place}.movingFrom": "nodes"})
        assert found.path == f"secure-aks:{place}.movingFrom"
        assert "no cluster of its own in this stack" in found.why


def test_a_pool_that_no_cluster_has_is_told() -> None:
    general = OWN | {"poolVersions": {"general": "1.35.6"}}
    _, [found] = read({"partners": general}, WORD)
    assert found.path == "secure-aks:pools[3]"
    assert "no cluster has this one" in found.why
    assert "write its version in secure-aks:clusters.partners.poolVersions" in found.remedy
    assert good({"partners": general}, WORD | {"teams[1].movingFrom": "sandbox"}), "until it has moved"


def test_the_lines_of_the_message_may_be_pasted() -> None:
    _, [found] = read(None, WORD)
    assert found.path == "secure-aks:teams[1].isolation"
    match = re.search(r"add to secure-aks:clusters: `(.*?)`", found.remedy)
    assert match
    assert teams_and_pools(good(yaml.safe_load(f"{{{match[1]}}}"), WORD))["partners"][1] == ["sandbox"]


def test_the_range_of_the_message_meets_no_cluster() -> None:
    blue = {**BLUE, "network": {"addressSpace": "10.61.0.0/16"}}
    _, found = read({"blue": blue}, WORD)
    [remedy] = {one.remedy for one in found}
    assert "addressSpace: 10.62.0.0/16" in remedy


@pytest.mark.parametrize(
    ("own", "changes", "path", "why"),
    [
        (OWN | {"poolVersions": {}}, {}, "clusters.partners.poolVersions", "no pool is named"),
        (OWN, {"teams[1].groups[0].name": "payments-developers"}, "teams[1]", "the group 'payments-developers' is that of secure-aks:teams[0] too"),
        (OWN | {"cluster": {**OWN["cluster"], "existingResourceGroup": "shop"}}, {"cluster.existingResourceGroup": "Shop"}, "clusters.partners.cluster.existingResourceGroup", "is the resource group of the first cluster too"),
        (OWN | {"network": {"addressSpace": "10.60.0.0/16"}}, {}, "clusters.partners.network.addressSpace", "overlaps"),
    ],
)  # fmt: skip
def test_what_is_shared_is_refused(own: Any, changes: Any, path: str, why: str) -> None:
    _, [found] = read({"partners": own}, WORD | changes)
    assert found.path == f"secure-aks:{path}"
    assert why in found.why


def test_what_azure_has_for_the_first_cluster_is_not_the_teams_too() -> None:
    """Whatever section names it, and in whatever case: the second cluster has it from the first unless it says otherwise."""
    key = {"cluster.encryption": {"diskEncryptionSet": DISK}}
    _, [found] = read({"partners": OWN}, WORD | key)
    assert found.path == "secure-aks:clusters.partners.cluster.encryption.diskEncryptionSet"
    assert "serves the first cluster too" in found.why
    mine = OWN | {"cluster": {**OWN["cluster"], "encryption": {"diskEncryptionSet": DISK.upper().replace("/SUBSCRIPTIONS/", "/subscriptions/")}}}  # fmt: skip
    _, [found] = read({"partners": mine}, WORD | key)
    assert "serves the first cluster too" in found.why
    other = OWN | {"cluster": {**OWN["cluster"], "encryption": {"diskEncryptionSet": f"{DISK}-2"}}}
    assert good({"partners": other}, WORD | key)


def test_problems_are_named_where_the_file_has_them() -> None:
    """The third team, the second of the first cluster; the fourth pool, the only one of the team's cluster."""
    third = {"name": "checkout", "groups": [{"name": "checkout-developers", "role": "nobody"}]}
    _, [found] = read({"partners": OWN}, WORD | {"teams[2]": third})
    assert found.path == "secure-aks:teams[2].groups[0].role"
    _, found = read({"partners": OWN | {"poolVersions": {"sandbox": "1.36.2"}}}, WORD)
    assert {one.path for one in found} == {"secure-aks:clusters.partners.poolVersions.sandbox"}
    _, found = read({"partners": OWN}, WORD | {"teams[1].quota": {"pods": -1}})
    assert {one.path for one in found} == {"secure-aks:teams[1].quota.pods"}


@given(st.lists(st.sampled_from(["namespace", "cluster"]), max_size=6), st.sets(st.integers(0, 5)))
def test_every_team_is_somewhere_and_one_with_a_cluster_nowhere_else(
    degrees: list[str], with_cluster: set[int]
) -> None:
    teams = [{"name": f"t{index}", "isolation": degree} for index, degree in enumerate(degrees)]
    pools = [{"name": f"p{index}", "namespace": f"t{index}"} for index in range(len(teams))]
    sections = {"teams": teams, "pools": pools}
    clusters = {f"t{index}": {} for index in with_cluster} | {"blue": {}}
    own = own_clusters(sections, clusters)
    versions = {pool["name"]: "1" for pool in pools}
    parts = {name: part_of(sections, own, name, versions) for name in ("", *clusters)}
    for index, team in enumerate(teams):
        at = {name for name, part in parts.items() if team in part.sections["teams"]}
        assert at == ({team["name"]} if team["name"] in own else set(parts) - own)
        assert at == {name for name, part in parts.items() if pools[index] in part.sections["pools"]}


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    for path in (ROOT / "Pulumi.yaml", *ROOT.glob("Pulumi.*.yaml")):
        shutil.copy(path, tmp_path)
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("isolation: sandbox", "isolation: cluster") + LINES)
    return path


def test_effective_files_say_the_same_again(shipped: Path) -> None:
    whole, own = effective(shipped), effective(shipped, "partners")
    before = load_file(shipped)
    alone = load_cluster(shipped.parent, "dev/partners")
    line = shipped.read_text()[: shipped.read_text().index("- name: partners\n")].count("\n") + 1
    assert re.search(rf"- name: partners +# Pulumi\.dev\.yaml:{line}\n", own), "where the file has it"
    (shipped.parent / "Pulumi.yaml").write_text("name: secure-aks\nruntime: python\n")
    shipped.write_text(whole)
    again = load_file(shipped)
    assert again.model_dump() == before.model_dump()
    assert again.further["partners"].model_dump() == before.further["partners"].model_dump()
    shipped.write_text(own)
    assert load_file(shipped).model_dump() == alone.model_dump()
