"""The whole program, for each stack file as it is shipped."""

import json
import re
import runpy
import shutil
from itertools import pairwise
from pathlib import Path

import pulumi
import pytest
import yaml
from pulumi.runtime import rpc
from ruamel.yaml import YAML
from secure_aks_lifecycle.stack.outputs import as_outputs, from_outputs

from settings.reading.load import load_file
from tests.access.helpers import object_ids
from tests.components.helpers import depends_on, run

ROOT = Path(__file__).parents[2]
STACKS = ["dev", "staging", "prod"]


@pytest.fixture(scope="module")
def program():
    """Run the program on a stack file, as the engine would hand it over; once for each stack and kind of run."""
    done = {}

    def of(stack, *, dry_run=False):
        if (stack, dry_run) not in done:
            done[stack, dry_run] = run_program(ROOT, stack, dry_run=dry_run)
        return done[stack, dry_run]

    return of


def run_program(folder, stack, **options):
    def project_values(config):
        return {
            key: value["value"] if isinstance(value, dict) and set(value) == {"value"} else value
            for key, value in config.items()
        }

    config = {
        **project_values(YAML(typ="safe").load(folder / "Pulumi.yaml").get("config", {})),
        **YAML(typ="safe").load(folder / f"Pulumi.{stack}.yaml")["config"],
    }
    texts = {
        key: value if isinstance(value, str) else json.dumps(value, default=str)
        for key, value in config.items()
    }
    return run(
        lambda: runpy.run_path(str(ROOT), run_name="__main__"), config=texts, stack_name=stack, **options
    )


@pytest.mark.parametrize("stack", STACKS)
def test_every_stack_registers_its_cluster_and_pools(program, stack):
    done, settings = program(stack), load_file(ROOT / f"Pulumi.{stack}.yaml")

    cluster = done.one(":ManagedCluster").inputs
    assert cluster["resourceName"] == settings.cluster.name
    assert cluster["kubernetesVersion"] == str(settings.cluster.kubernetes_version)
    assert {one.name: one.inputs["orchestratorVersion"] for one in done.of(":AgentPool")} == {
        pool.name: str(pool.version) for pool in settings.pools
    }


def test_a_preview_of_what_nobody_could_apply_fails_when_all_of_it_is_registered(tmp_path, monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    dev = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    dev["config"]["secure-aks:cluster"]["apiServer"] = {"access": "private"}
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(dev))
    told = []
    monkeypatch.setattr(pulumi.log, "error", lambda text, *_: told.append(text))
    with pytest.raises(pulumi.RunError, match="refused, as said above"):
        run_program(tmp_path, "dev", dry_run=True)
    assert [text.partition("\n")[0] for text in told] == ["secure-aks:cluster.apiServer.access"]


@pytest.mark.parametrize("stack", STACKS)
def test_one_up_changes_one_pool_at_a_time(program, stack):
    done, settings = program(stack), load_file(ROOT / f"Pulumi.{stack}.yaml")
    steps = [done.one(":ManagedCluster"), done.one(":Deployment", "system-pool-version")]
    steps += [done.one(":AgentPool", pool.name) for pool in settings.pools]

    assert all(depends_on(later, earlier) for earlier, later in pairwise(steps))


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_has_a_component_for_its_parent(program, stack):
    done = program(stack)
    components = {one.urn for one in done.of("") if one.type.startswith("secure-aks:index:")}
    loose = [
        one.type
        for one in done.registered
        if one.urn not in components and one.request.parent not in components
    ]

    assert loose == ["azure-native:resources:ResourceGroup"]
    assert components <= set(done.outputs)


@pytest.mark.parametrize("stack", STACKS)
def test_no_admin_credential_is_asked_for_or_exported(program, stack):
    done = program(stack)
    # The admission policies have the patterns of such keys in them.
    rest = [one.inputs for one in done.registered if not one.type.endswith(":ValidatingAdmissionPolicy")]
    text = json.dumps(done.stack_outputs) + json.dumps(rest)

    asked = {token.rpartition(":")[2] for token, _ in done.invokes}
    assert asked == {"listManagedClusterUserCredentials", "readStackOutputs", "readStackResourceOutputs"}
    assert not any(
        word in text for word in ("client-certificate", "client-key", '"token"', "AdminCredential")
    )


@pytest.mark.parametrize("stack", STACKS)
def test_outputs_are_what_others_rely_on(program, stack):
    outputs, settings = program(stack).stack_outputs, load_file(ROOT / f"Pulumi.{stack}.yaml")

    assert set(outputs) == {"cluster", "kubeconfig", "versions", "shape", "namespaces", "groups"}
    assert outputs["cluster"]["resourceGroup"] == settings.cluster.resource_group_name
    assert json.loads(outputs["kubeconfig"])["users"][0]["user"]["exec"]["command"] == "kubelogin"
    assert outputs["namespaces"] == {team.name: team.namespace for team in settings.teams}
    # The audit log names groups by their ids alone.
    assert outputs["groups"] == object_ids(settings)
    recorded = from_outputs(outputs)["clusters"][settings.cluster.name]
    assert {name: pool["version"] for name, pool in recorded["pools"].items()} == {
        pool.name: str(pool.version) for pool in settings.all_pools
    }
    assert recorded["teams"].keys() == {team.name for team in settings.teams}


@pytest.mark.parametrize("stack", STACKS)
def test_outputs_fit_on_a_screen(program, stack):
    """`pulumi stack output` prints each as a line of JSON; 120 columns, 50 lines."""
    lines = [
        f"    {name}  {value if isinstance(value, str) else json.dumps(value)}"
        for name, value in program(stack).stack_outputs.items()
    ]
    assert sum(-(-len(line) // 120) for line in lines) < 50


@pytest.mark.parametrize("stack", STACKS)
def test_an_up_ends_with_no_output_of_several_lines(program, stack):
    """The engine prints a secret as a word, and each entry of `versions` as a line (the test below)."""
    done = program(stack)
    outputs = next(value for urn, value in done.outputs.items() if "::pulumi:pulumi:Stack::" in urn)
    secret = {name for name, value in outputs.items() if rpc.is_rpc_secret(value)}
    assert secret == {"kubeconfig", "shape"}


@pytest.mark.parametrize("stack", STACKS)
def test_an_entry_is_one_line_that_the_engine_does_not_spread(program, stack):
    """It shows a text of several lines, or of JSON, property by property."""

    def texts(value):
        return [value] if isinstance(value, str) else [t for one in value.values() for t in texts(one)]

    outputs = program(stack).stack_outputs
    lines = [*texts(outputs["versions"]["clusters"]), *texts(outputs["shape"])]
    assert len(lines) > 10
    for line in lines:
        assert "\n" not in line
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(line)
        assert isinstance(yaml.safe_load(line), dict)


@pytest.mark.parametrize("stack", STACKS)
def test_first_preview_shows_versions_names_and_ranges(program, stack):
    """What can be known before anything exists is known, so that the packs can judge it."""
    done = program(stack, dry_run=True)

    assert {one.inputs["resourceGroupName"] for one in done.of(":AgentPool")} == {f"rg-aks-{stack}"}
    assert from_outputs(done.stack_outputs)["clusters"][f"aks-{stack}"]["controlPlane"]["version"]
    asked = [token.rpartition(":")[2] for token, _ in done.invokes]
    assert set(asked) == {"readStackOutputs", "readStackResourceOutputs"}
    assert asked.count("readStackResourceOutputs") == 1  # the state is read once, for all that ask


@pytest.mark.parametrize("stack", STACKS)
def test_the_cluster_is_audited(program, stack):
    done = program(stack)

    assert done.one(":DiagnosticSetting").inputs["resourceUri"] == done.stack_outputs["cluster"]["id"]


@pytest.mark.parametrize("stack", STACKS)
def test_kubernetes_resources_go_to_the_clusters_own_provider(program, stack):
    done = program(stack)
    provider = done.one("pulumi:providers:kubernetes").urn
    inside = [one for one in done.registered if one.type.startswith("kubernetes:")]

    assert inside
    assert all(one.request.provider.startswith(f"{provider}::") for one in inside)


def test_beginnings_come_from_the_stacks_own_last_outputs(program):
    first = from_outputs(json.loads(json.dumps(program("dev").stack_outputs)))
    cluster = first["clusters"]["aks-dev"]
    cluster["controlPlane"]["since"] = cluster["pools"]["general"]["since"] = "2026-09-01T12:00:00+00:00"
    cluster["pools"]["spot"]["version"] = "1.30.1"
    lines = dict(zip(("versions", "shape"), as_outputs(first), strict=True))
    # As a line an entry, and as it was before.
    for last in (lines, {"versions": first}):
        again = run_program(ROOT, "dev", last_outputs=last)
        now = from_outputs(again.stack_outputs)["clusters"]["aks-dev"]

        assert now["controlPlane"]["since"] == now["pools"]["general"]["since"] == "2026-09-01T12:00:00+00:00"
        assert [run["version"] for run in now["pools"]["spot"]["earlier"]] == ["1.30.1"]
        read = [args["name"] for token, args in again.invokes if token.endswith(":readStackOutputs")]
        assert read == ["organization/secure-aks/dev"]
        shown = again.outputs[again.one(":VersionChange").urn]
        assert shown["previous"]["clusters"]["aks-dev"]["pools"]["spot"]["version"] == "1.30.1"
        assert shown["current"]["clusters"]["aks-dev"]["pools"]["spot"]["version"] != "1.30.1"


def test_what_tells_the_packs_of_a_step_is_no_input_that_would_show_as_a_change(program):
    assert program("dev").one(":VersionChange").inputs == {}


def test_only_prod_is_protected(program):
    protected = {
        stack: sorted(one.name for one in program(stack).registered if one.request.protect)
        for stack in STACKS
    }

    assert protected == {"dev": [], "staging": [], "prod": ["audit", "cluster", "versions"]}


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_protected_in_prod_goes_first_so_that_a_destroy_stops_before_anything(program, stack):
    registered = program(stack).registered
    last = registered[-1]
    assert last.name == "versions"
    assert {one.urn for one in registered if one.request.custom} <= last.dependencies


def test_kured_comes_with_the_channel_that_needs_it_and_not_without(program):
    for stack in STACKS:
        channel = program(stack).one(":ManagedCluster").inputs["autoUpgradeProfile"]["nodeOSUpgradeChannel"]
        assert bool(program(stack).of(":NodeReboots")) == (channel == "Unmanaged")
    assert program("prod").of(":NodeReboots")


def test_bad_stack_file_is_refused_in_words_before_anything_is_registered(tmp_path, monkeypatch):
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    text = (ROOT / "Pulumi.dev.yaml").read_text()
    (tmp_path / "Pulumi.dev.yaml").write_text(
        re.sub(r"(kubernetesVersion: \d+\.\d+)\.\d+", r"\1", text).replace("tier:", "teir:")
    )
    monkeypatch.chdir(tmp_path)
    registered = []
    monkeypatch.setattr("tests.components.helpers.Answers.new_resource", lambda *_: registered.append(1))

    with pytest.raises(pulumi.RunError) as refusal:
        run_program(tmp_path, "dev")

    assert "kubernetesVersion" in str(refusal.value)
    assert "teir" in str(refusal.value)
    assert registered == []


def test_what_is_switched_off_of_the_packs_is_named_at_every_preview(tmp_path, monkeypatch, program):
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    levels = "{security: {all: disabled, pod-privileged: advisory}, lifecycle: {newer-patch: disabled}}"
    off = f"  secure-aks:policies: {levels}\n"
    (tmp_path / "Pulumi.dev.yaml").write_text((ROOT / "Pulumi.dev.yaml").read_text() + off)
    warned = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_args, **_options: warned.append(text))
    monkeypatch.chdir(tmp_path)

    run_program(tmp_path, "dev", dry_run=True)

    off_, of, *_ = map(int, re.findall(r"\d+", warned[0]))
    assert off_ == of - 1 > 100
    assert [text for text in warned if "secure-aks:policies" in text] == [
        f"{off_} of the {of} rules of the security pack are switched off (secure-aks:policies.security.all), and nothing judges them",
        "the rule pod-privileged of the security pack is lowered to advice (secure-aks:policies.security.pod-privileged), and nothing stops an `up` over it",
        "the rule newer-patch of the lifecycle pack is switched off (secure-aks:policies.lifecycle.newer-patch), and nothing judges it",
    ]


def test_an_environment_other_than_the_name_promises_is_named_at_every_preview(
    tmp_path, monkeypatch, program
):
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    let = "  secure-aks:exemptions: [{rule: environment-name, resource: {name: aks-*}, reason: moved here, until: 2026-12-31}]\n"
    text = (ROOT / "Pulumi.dev.yaml").read_text().replace("  secure-aks:exemptions: []\n", "")
    (tmp_path / "Pulumi.prod.yaml").write_text(text + let)
    warned = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_args, **_options: warned.append(text))
    monkeypatch.chdir(tmp_path)

    run_program(tmp_path, "prod", dry_run=True)

    [told] = [text for text in warned if "promises another" in text]
    assert told.startswith("the environment is dev, the stack's name promises another, and nothing asks for")
    assert told.endswith("(secure-aks:exemptions[0]); exempt until 2026-12-31: moved here")


def test_program_is_short():
    assert len((ROOT / "__main__.py").read_text().splitlines()) < 60


def test_a_stack_rebuilt_in_the_middle_of_a_rollout_begins_as_its_file_says(tmp_path):
    shutil.copytree(
        ROOT, tmp_path / "project", ignore=shutil.ignore_patterns(".*", "tests", "docs", "__pycache__")
    )
    folder = tmp_path / "project"
    file = folder / "Pulumi.dev.yaml"
    text, count = re.subn(
        r"(secure-aks:systemPool:\n    name: system\n    version: )[\d.]+", r"\g<1>1.35.5", file.read_text()
    )
    assert count == 1
    file.write_text(text)

    def said(**options):
        (pool,) = run_program(folder, "dev", **options).one(":ManagedCluster").inputs["agentPoolProfiles"]
        return pool.get("orchestratorVersion")

    assert said() == "1.35.5"
    assert said(last_outputs={"versions": {"schema": 1, "clusters": {}}}) is None
