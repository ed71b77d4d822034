"""Clusters that others made become stacks: nothing is replaced, and what the first `up` changes is what the page lists."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.adopt import command
from cli.adopt.compare import is_nothing, plain_differences
from cli.adopt.found import Asked, Found, at
from cli.adopt.page import as_markdown
from cli.adopt.read import NotAClusterError, subscription_of
from cli.adopt.registered import DryRunError, from_report
from cli.adopt.risks import LEVELS, data, risk_of
from emulator.arm.server import ArmServer
from emulator.dry_run.preview import preview
from emulator.dry_run.project import Project
from emulator.plugins.azure_native import AzureProvider
from settings import load_file
from settings.facts.kept import kept_for_life
from tests.adoption import clusters, more_clusters
from tests.adoption.workflows import ROOT
from tests.emulator.arm.wire import CLUSTER, GROUP, TODAY, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.adopt.result import Result

STACK = "found"
METRICS = f"{GROUP}/providers/Microsoft.Monitor/accounts/metrics"
IGNORED = ("resourceUri", "scope")
"""What the program has ignored of a cluster that is adopted: an id spells it without its first slash."""


@dataclass
class Imported:
    """A cluster after its import, with the Azure that it is in."""

    made: clusters.Made
    wire: Wire
    done: Result
    folder: Path

    def file(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


@contextmanager
def in_azure(folder: Path, made: clusters.Made) -> Iterator[Wire]:
    with pytest.MonkeyPatch.context() as patch, ArmServer(folder / "lab") as server:
        patch.setenv("SECURE_AKS_CLOCK", TODAY)
        wire = Wire(server)
        made.put(wire)
        for name, value in server.environment.items():
            patch.setenv(name, value)
        patch.setattr(command, "registered", _in_this_process)
        yield wire
        wire.close()
        assert server.faults == []


def _in_this_process(folder: Path, stack: str, *, judged: bool) -> Any:
    """Run the program as the command has it run, but here, where its imports are there already, and without packs."""
    assert judged in (True, False)
    project = Project.load(folder)
    return from_report(preview(project, stack, project.load_config(stack)).to_json(stack))


def imported(folder: Path, made: clusters.Made, wire: Wire) -> Imported:
    groups = command._groups([made.admin] if made.admin else [])
    asked = Asked(STACK, "dev", groups, date.fromisoformat(TODAY))
    done = command._imported(CLUSTER, asked, "", ROOT)
    command._write(done, folder)
    return Imported(made, wire, done, folder)


@pytest.fixture(scope="module", params=[*clusters.ALL, *more_clusters.MORE], ids=lambda made: made.name)
def cluster(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("import")
    with in_azure(folder, request.param) as wire:
        yield imported(folder, request.param, wire)


def test_nothing_is_refused_and_three_files_are_written(cluster, monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    assert cluster.done.refused == ()
    settings = load_file(cluster.folder / f"Pulumi.{STACK}.yaml")
    assert settings.cluster.inside == "later"
    elsewhere = {pool["name"] for pool in cluster.done.found.elsewhere}
    assert {pool.name for pool in settings.all_pools} == {
        cluster.made.system["name"],
        *cluster.made.pools,
    } - elsewhere
    assert cluster.file(f"import-{STACK}.md").startswith("# aks: as it is")


def test_what_leaves_the_cluster_goes_the_way_it_went(cluster, monkeypatch):
    """Also by a NAT gateway of AKS's, with its addresses and its time."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    network = cluster.made.properties.get("networkProfile", {})
    settings = load_file(cluster.folder / f"Pulumi.{STACK}.yaml")
    assert settings.cluster.outbound_type == network.get("outboundType", "loadBalancer")
    gateway = settings.cluster.nat_gateway
    there = at(network, "natGatewayProfile.managedOutboundIPProfile.count")
    assert (gateway and gateway.addresses) == there
    assert (gateway and gateway.idle_minutes) == at(network, "natGatewayProfile.idleTimeoutInMinutes")
    assert not [one for one in cluster.done.differences if "natGateway" in one.path]


def test_the_first_up_changes_what_the_page_lists_and_replaces_nothing(cluster):
    """As the engine does: read what is imported, take over the inputs named, compare with the program's, update."""
    provider = AzureProvider(cluster.wire.cloud)
    provider.configure({"location": "westeurope"})
    file = json.loads(cluster.file(f"import-{STACK}.json"))
    listed = {one.urn: one for one in cluster.done.preview}
    specs = {spec["id"]: spec for spec in file["resources"] if "id" in spec}
    for row, id_ in cluster.done.imported.there:
        urn, wanted = row["urn"], _known(row["inputs"], cluster)
        read = provider.read(urn, id_, None)
        assert read, id_
        there, inputs, outputs = read
        assert set(wanted) <= {*specs[id_]["properties"], "principalId", "scope", "resourceUri"}
        # The CLI takes over all that is read, though the file names some: nothing of it may replace anything.
        taken = dict(inputs)
        checked, failures = provider.check(urn, taken, wanted)
        assert failures == []
        checked |= {key: taken[key] for key in IGNORED if key in taken}
        diff = provider.diff(urn, taken, checked)
        assert diff.replaces == []
        shown = listed[urn]
        assert all(_covered(path, (*shown.changes, *shown.restated)) for path in diff.diffs), diff.diffs
        provider.update(urn, there, outputs, checked, preview=False)  # Azure takes it
        again = provider.read(urn, there, None)
        assert again
        moved = {one.path for one in plain_differences("", "", _declared(checked), _declared(again[1]))}
        assert moved == set(), "a second up would change something"
        before, after = _as_azure_tells(inputs), _as_azure_tells(again[1])
        changed = {path for path in _leaves_that_differ(before, after) if not _by_azure(path)}
        kind = "cluster" if id_ == CLUSTER else "pool"
        told = (*shown.changes, *(path for path in changed if _says_nothing(kind, path, before, after)))
        assert {path for path in changed if not _covered(path, told)} == set()
        assert {one for one in shown.changes if not any(_covered(path, [one]) for path in changed)} == set()


def _known(inputs: dict[str, Any], cluster: Imported) -> dict[str, Any]:
    """Return the inputs with what an engine knows after an import and a dry run does not."""
    kubelet = at(cluster.done.found.properties, "identityProfile.kubeletidentity.objectId")
    instead = {"principalId": kubelet, "resourceUri": CLUSTER, "scope": CLUSTER}
    if "identityProfile" in inputs:  # asked of Azure by the resource id, which is the one that is there
        there = cluster.done.found.properties["identityProfile"]
        named = {name: one["resourceId"] for name, one in inputs["identityProfile"].items()}
        assert named == {name: one["resourceId"] for name, one in there.items()}
        inputs = {**inputs, "identityProfile": there}
    return {
        key: instead.get(key, value) if value == "[unknown]" else value
        for key, value in inputs.items()
        if (value != "[unknown]" or key in instead)
        and key != "roleAssignmentName"  # made up, where there is none
    }


def _declared(inputs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key not in {"agentPoolProfiles", "identity"}}


def _as_azure_tells(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return them without the pools, and with add-ons in lower case: Azure tells no case there."""
    addons = {name.lower(): said for name, said in inputs.get("addonProfiles", {}).items()}
    kept = {key: value for key, value in inputs.items() if key not in {"agentPoolProfiles", "eTag"}}
    return kept | ({"addonProfiles": addons} if addons else {})


def _leaves_that_differ(one: Any, other: Any, place: str = "") -> Iterator[str]:
    if isinstance(one, dict) or isinstance(other, dict):
        mine, theirs = (value if isinstance(value, dict) else {} for value in (one, other))
        for key in {*mine, *theirs}:
            yield from _leaves_that_differ(mine.get(key), theirs.get(key), f"{place}.{key}" if place else key)
    elif _in_one_order(one) != _in_one_order(other):
        yield place


def _in_one_order(value: Any) -> Any:
    """Return rows of log categories, which Azure keeps as a set, in one order."""
    rows = isinstance(value, list) and all(isinstance(row, dict) and "category" in row for row in value)
    return sorted(value, key=lambda row: str(row["category"])) if rows else value


def _says_nothing(kind: str, path: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Tell whether a property was left to Azure before, and is said after (or the other way) with the value that it has by itself."""
    return is_nothing(kind, path, at(before, path)) and is_nothing(kind, path, at(after, path))


def _by_azure(path: str) -> bool:
    return path in {
        "identity.principalId",
        "identity.tenantId",
        "oidcIssuerProfile.issuerURL",
        "aadProfile.tenantID",
    }


def _covered(path: str, listed: Any) -> bool:
    plain = path.replace('["', ".").replace('"]', "").lower()
    named = [one.lower() for one in listed]
    return any(
        plain == one or plain.startswith((f"{one}.", f"{one}[")) or one.startswith(f"{plain}.")
        for one in named
    )


def test_what_would_be_replaced_is_refused_in_words_and_nothing_is_written(tmp_path):
    """RBAC is set once, and a stack has no place for its lack: so the page says it, and there is no stack file."""
    made = clusters.Made(
        "without RBAC",
        {**clusters.CLI.properties, "enableRBAC": False},
        clusters.CLI.system,
        admin=clusters.CLI.admin,
    )
    with in_azure(tmp_path, made) as wire:
        done = imported(tmp_path, made, wire)
    [told] = done.done.refused
    assert "cluster aks: enableRBAC is False and would be True, which means a new cluster" in told
    assert "Mend this first" in done.file(f"import-{STACK}.md")
    assert not (tmp_path / f"Pulumi.{STACK}.yaml").exists()
    assert not (tmp_path / f"import-{STACK}.json").exists()


def test_automatic_is_left_out_in_words_before_anything_runs(tmp_path, monkeypatch):
    """It has no place in a stack: AKS would refuse the channel, and go on choosing versions and pools."""
    with in_azure(tmp_path, more_clusters.AUTOMATIC) as wire:
        monkeypatch.setattr(command, "registered", None)
        done = imported(tmp_path, more_clusters.AUTOMATIC, wire)
    [told] = done.done.refused
    assert "AKS Automatic" in told
    assert "docs/in-parts.md" in told
    assert not (tmp_path / f"Pulumi.{STACK}.yaml").exists()


def test_what_is_there_stays_where_our_default_is_another(cluster, monkeypatch):
    """The ingress controller is reached as before; Windows keeps a network without policies, which NPM cannot give it."""
    monkeypatch.setenv("SECURE_AKS_CLOCK", TODAY)
    said = cluster.done.draft.config["secure-aks:cluster"]
    routing = at(cluster.made.properties, "ingressProfile.webAppRouting", {})
    assert said.get("ingress", {}).get("defaultController") == (
        "AnnotationControlled" if routing.get("enabled") else None
    )
    if cluster.made is more_clusters.MIXED:
        assert said["adopted"]["networkProfile"]["networkPolicy"] == "none"


def test_what_is_stopped_is_told_with_how_to_start_it(cluster):
    found, stopped = cluster.done.found, {"powerState": {"code": "Stopped"}}
    assert "stopped" not in "\n".join(cluster.done.untold)
    pool = found.pools[-1] | {"properties": found.pools[-1]["properties"] | stopped}
    aks = found.cluster | {"properties": found.properties | stopped}
    told = "\n".join(replace(cluster.done, found=replace(found, cluster=aks, pools=(pool,))).untold)
    assert "az aks start --resource-group rg --name aks`" in told
    assert f"az aks nodepool start --resource-group rg --cluster-name aks --name {pool['name']}`" in told


def test_what_the_settings_refuse_is_told_with_its_remedy(tmp_path):
    made = clusters.Made(
        "Windows 2019",
        clusters.PULUMI.properties,
        clusters.PULUMI.system,
        {"tooold": clusters.USER | {"count": 1, "osSKU": "CBLMariner"}},
    )
    with in_azure(tmp_path, made) as wire:
        done = imported(tmp_path, made, wire)
    assert any("osSku" in one and "there is no OS SKU 'CBLMariner'" in one for one in done.done.refused)
    assert done.done.draft.registered.rows == ()


def test_the_docs_say_how_many_clusters_are_imported():
    count = {11: "eleven"}[len(clusters.ALL) + len(more_clusters.MORE)]
    assert f"Tests import {count} clusters there" in (ROOT / "docs/import.md").read_text(encoding="utf-8")


def test_the_page_reads_well(cluster):
    page = as_markdown(cluster.done)
    assert max(len(line) for line in page.splitlines() if not line.startswith(("|", "- "))) < 400
    for one in cluster.done.differences:
        assert f"`{one.path}`" in page
        assert one.risk.level in page
    assert all(
        f"`{one}`" in page for shown in cluster.done.preview for one in (*shown.changes, *shown.restated)
    )


@pytest.mark.parametrize("text", ["<script>x</script> [a](http://evil.example)", "\x1b[2J \u202eder | x"])
def test_foreign_text_on_the_page_is_text(cluster, text):
    found = cluster.done.found
    found = replace(found, cluster=found.cluster | {"name": text}, unread={text: text})
    done = replace(cluster.done, found=found)
    assert any(text in one for one in done.untold)
    page = as_markdown(done)
    assert "<script" not in page
    assert not re.search(r"(?<!\\)\]\(http", page)
    assert page.replace("\n", "").isprintable()


@pytest.mark.parametrize("kind", ["cluster", "pool"])
def test_what_is_kept_for_life_is_what_a_change_would_replace(kind):
    """A property that `adopted` takes is one that the risks call a replacement, but for the identity, which can change in place."""
    assert {path for path in kept_for_life(kind) if risk_of(kind, path).level != "replace"} <= {
        "identity.type"
    }


def test_every_risk_is_a_level_and_what_nobody_looked_up_is_unknown():
    for kind in ("cluster", "pool", "diagnostic setting", "maintenance window", "role assignment"):
        assert {level for level, _ in data("risks")[kind].values()} <= set(LEVELS)
    assert risk_of("cluster", "somethingNew.enabled").level == "unknown"
    assert risk_of("cluster", "networkProfile.loadBalancerProfile.managedOutboundIPs").level == "none"
    assert risk_of("cluster", "networkProfile.podCidr").level == "replace"


@pytest.mark.parametrize("text", ["aks", "/subscriptions/x/resourceGroups/rg", f"{CLUSTER}/agentPools/a", ""])
def test_what_is_no_cluster_is_refused(text):
    with pytest.raises(NotAClusterError, match="az aks show"):
        subscription_of(text)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--stack there", "{folder}/Pulumi.there.yaml is there; name another --stack or --output, or write over it: --force"),
        ("--stack new --admin-group platform", "--admin-group platform: write <name>=<object id>; az ad group show --group <name> --query id"),
        ("--stack new --kubeconfig none", "--kubeconfig none: cannot be read: No such file or directory; write it: az aks get-credentials"),
        ("--stack new --kubeconfig pipe", "--kubeconfig pipe: cannot be read: it is no regular file; write it: az aks get-credentials"),
        ("--stack new --kubeconfig binary", "--kubeconfig binary: cannot be read: it is no text; write it: az aks get-credentials"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_before_azure_is_asked(tmp_path, monkeypatch, words, said):
    for name in ("Pulumi.yaml", "Pulumi.there.yaml"):
        (tmp_path / name).write_text("name: x\n")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "binary").write_bytes(b"\xff")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_imported", None)
    alone = typer.Typer()
    alone.command()(command.import_)
    done = CliRunner().invoke(alone, [CLUSTER, *words.split()])
    assert done.exit_code == 2
    assert done.stderr.startswith(said.format(folder=tmp_path))
    assert len(done.stderr.splitlines()) == 1


def test_a_program_that_does_not_run_says_why():
    with pytest.raises(DryRunError, match=r"^the program declared no cluster$"):
        from_report({"resources": []})
    with pytest.raises(DryRunError, match="is refused: 1 problem"):
        from_report({"resources": [], "errors": [{"message": "Pulumi.t.yaml is refused: 1 problem"}]})


def test_the_autoscalers_profile_has_the_names_of_a_program():
    found = Found(
        "",
        {"properties": {"autoScalerProfile": {"max-graceful-termination-sec": "600", "expander": "x"}}},
        (),
    )
    assert found.as_resource["autoScalerProfile"] == {"maxGracefulTerminationSec": "600", "expander": "x"}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4))
def test_nothing_differs_from_itself(values):
    assert plain_differences("", "", values, values) == []


@given(st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4), st.sampled_from("abcd"))
def test_a_text_that_is_another_always_differs(values, key):
    told = plain_differences("", "", {**values, key: "one"}, {**values, key: "other"})
    assert [one.path for one in told] == [key]


def test_what_a_mark_says_is_imported_by_it_and_what_needs_more_is_told(tmp_path):
    """Nothing of it would change: it stands in the stack file, and not in Azure's words."""
    with in_azure(tmp_path, clusters.EVERYTHING) as wire:
        put_lock(wire)
        put_beside(wire)
        done = imported(tmp_path, clusters.EVERYTHING, wire)
    cluster = done.done.draft.config["secure-aks:cluster"]
    assert cluster["autoscaler"] == {"expander": "priority"}
    assert cluster["loadBalancer"] == {"addresses": 2, "idleMinutes": 10}
    assert cluster["mesh"] == {"revisions": ["asm-1-27"]}
    assert cluster["storage"] == {"blobs": True}
    changed = {one.path for one in done.done.differences if one.kind == "cluster"}
    assert not [
        path
        for path in changed
        if path.startswith(("autoScaler", "serviceMesh", "storage", "networkProfile.load"))
    ]
    untold = "\n".join(done.done.untold)
    assert "`cluster.monitoring` cannot be said as it is there" in untold
    assert "secure-aks:cluster.monitoring.prometheus.workspace" in untold
    assert (
        "`cluster.encryption` cannot be said as it is there (secure-aks:cluster.encryption.etcd.vault"
        in untold
    )
    assert cluster["extra"]["azureMonitorProfile"]["metrics"]["enabled"] is True
    kept = {"enabled": True, "keyId": clusters.KEY_OF_ETCD, "keyVaultNetworkAccess": "Public"}
    assert cluster["extra"]["securityProfile"] == {"azureKeyVaultKms": kept}
    assert "the lock `keep` is no part of the stack" in untold
    assert "the extension `gitops` (microsoft.flux)" in untold
    assert "secure-aks:cluster.gitops" in untold
    assert "Flux applies what `https://example.com/fleet` says (the configuration `apps`)" in untold
    assert "the Grafana `pictures` shows the metrics of metrics" in untold
    assert "empty" not in untold
    assert "az fleet member list" in done.file(f"import-{STACK}.md")


def test_pools_that_no_stack_file_can_say_stay_and_are_told(cluster):
    told = [one for one in cluster.done.untold if "pools of a stack are scale sets" in one]
    assert len(told) == len(cluster.done.found.elsewhere) == (2 if cluster.made is more_clusters.MIXED else 0)
    assert [one.partition(",")[0] for one in told] == [
        "the pool `gateway` is of the mode Gateway",
        "the pool `sizes` is of VirtualMachines",
    ][: len(told)]


def test_a_cluster_whose_system_pools_are_of_another_kind_is_refused_in_words(tmp_path):
    """As is the id with a slash too many: it is read all the same."""
    kind = {"type": "VirtualMachines", "virtualMachinesProfile": more_clusters.SIZES}
    system = {key: value for key, value in clusters.CLI.system.items() if key not in {"vmSize", "count"}}
    made = replace(clusters.CLI, system=system | kind)
    with in_azure(tmp_path, made) as wire, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules[__name__], "CLUSTER", f"{CLUSTER}/")
        [told] = imported(tmp_path, made, wire).done.refused
    assert "az aks nodepool add --mode System" in told


def test_nodes_that_are_a_namespaces_own_are_so_in_the_stack_file(tmp_path):
    """As a cluster that a stack made has them; the other pool has the label alone, and would get the taint."""
    made = clusters.EVERYTHING
    half = clusters.USER | {"nodeLabels": {"secure-aks/namespace": "billing"}, "vnetSubnetID": clusters.NODES}
    made = replace(made, pools={**made.pools, "half": half | {"count": 1}})
    with in_azure(tmp_path, made) as wire:
        done = imported(tmp_path, made, wire)
    assert done.done.refused == ()
    config = done.done.draft.config
    own = {pool["name"]: pool.get("namespace") for pool in config["secure-aks:pools"]}
    assert (own["kata"], own["half"], own["spot"]) == ("partners", "billing", None)
    teams = {team["name"]: team["isolation"] for team in config["secure-aks:teams"]}
    assert teams == {"partners": "sandbox", "billing": "nodes"}
    told = {(one.name, one.path) for one in done.done.differences if "node" in one.path}
    assert ("half", "nodeTaints") in told
    assert not {name for name, path in told if path in {"nodeLabels", "nodeTaints"}} - {"half"}
    assert not [one for one in done.done.preview if "Group" in one.type]


def put_lock(wire: Wire) -> None:
    path = f"{CLUSTER}/providers/Microsoft.Authorization/locks/keep"
    wire.put(path, {"properties": {"level": "CanNotDelete"}}, "2020-05-01")


def put_beside(wire: Wire) -> None:
    """Flux with what it follows, and a Grafana on the metrics of a workspace."""
    inside = f"{CLUSTER}/providers/Microsoft.KubernetesConfiguration"
    wire.put(f"{inside}/extensions/gitops", {"properties": {"extensionType": "Microsoft.Flux"}}, "2023-05-01")
    source = {"url": "https://example.com/fleet", "repositoryRef": {"branch": "main"}}
    said = {"properties": {"sourceKind": "GitRepository", "gitRepository": source}}
    wire.put(f"{inside}/fluxConfigurations/apps", said, "2023-05-01")
    with wire.server.cloud.change() as state:
        state.put(METRICS, "Microsoft.Monitor/accounts", "metrics", {"name": "metrics"})
    for name, shown in (("pictures", [{"azureMonitorWorkspaceResourceId": METRICS}]), ("empty", [])):
        grafana = {
            "location": "westeurope",
            "sku": {"name": "Standard"},
            "properties": {"grafanaIntegrations": {"azureMonitorWorkspaceIntegrations": shown}},
        }
        wire.put(f"{GROUP}/providers/Microsoft.Dashboard/grafana/{name}", grafana, "2024-10-01")


def test_outside_of_the_project_it_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    alone = typer.Typer()
    alone.command()(command.import_)
    done = CliRunner().invoke(alone, [CLUSTER, "--stack", "found"])
    assert done.exit_code == 1
    assert done.stderr == f"no Pulumi.yaml in {tmp_path} or above; go to the project's folder\n"
