import json
import re
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

from settings import SettingsError, load, load_file
from settings.fields.secret import SECRET
from settings.reading.load import layers_of, load_cluster
from settings.reading.source import read

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("dev", "staging", "prod")


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


@pytest.fixture
def stack_file(tmp_path):
    """Write a copy of the prod stack file with patterns replaced, the other stacks beside it."""

    def write(*replacements, name="prod"):
        for stack in STACKS:
            (tmp_path / f"Pulumi.{stack}.yaml").write_text((ROOT / f"Pulumi.{stack}.yaml").read_text())
        path = tmp_path / f"Pulumi.{name}.yaml"
        text = path.read_text()
        for old, new in replacements:
            text, found = re.subn(old, new, text, count=1)
            assert found, old
        path.write_text(text)
        return path

    return write


def line_of(path, text):
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def refusal(path):
    with pytest.raises(SettingsError) as refused:
        load_file(path)
    return refused.value


@pytest.mark.parametrize("stack", STACKS)
def test_the_stack_files_are_fine(stack):
    settings = load_file(ROOT / f"Pulumi.{stack}.yaml")
    assert settings.environment == stack
    assert settings.location == "westeurope"
    kinds = {(pool.os_type, pool.priority, pool.sandboxed) for pool in settings.pools}
    assert kinds >= {
        ("Linux", "Regular", False),
        ("Linux", "Spot", False),
        ("Windows", "Regular", False),
        ("Linux", "Regular", True),
    }
    assert any(team.isolation == "sandbox" for team in settings.teams)


def test_the_stacks_have_one_shape():
    dev, staging, prod = (load_file(ROOT / f"Pulumi.{stack}.yaml") for stack in STACKS)
    assert [pool.name for pool in staging.pools] == [pool.name for pool in prod.pools]
    assert [team.name for team in staging.teams] == [team.name for team in prod.teams]
    assert len(prod.teams) == 6
    assert all(len(team.groups) == 2 for team in prod.teams)
    assert prod.cluster.api_server.access == "private"
    assert {len(pool.zones) for pool in prod.all_pools} == {3}
    sizes = [sum(pool.max_nodes for pool in stack.all_pools) for stack in (dev, staging, prod)]
    assert sizes == sorted(set(sizes))
    assert (
        dev.cluster.kubernetes_version
        >= staging.cluster.kubernetes_version
        >= prod.cluster.kubernetes_version
    )
    assert prod.promotion
    assert staging.promotion
    assert (prod.promotion.follows, staging.promotion.follows) == ("staging", "dev")


def test_problems_name_file_and_line_in_the_order_of_the_file(stack_file):
    path = stack_file(
        (r"kubernetesVersion: \S+", "kubernetesVersion: 1.35"),
        ("name: memory", "nam: memory"),
        ("osType: Windows", "ostype: Windows"),
        ("role: viewer", "role: viwer"),
    )
    error = refusal(path)
    found = [(problem.path, problem.file, problem.line) for problem in error.problems]
    pool = line_of(path, "nam: memory")
    assert found == [
        ("secure-aks:cluster.kubernetesVersion", "Pulumi.prod.yaml", line_of(path, "kubernetesVersion")),
        ("secure-aks:pools[1].name", "Pulumi.prod.yaml", pool),
        ("secure-aks:pools[1].nam", "Pulumi.prod.yaml", pool),
        ("secure-aks:pools[3].ostype", "Pulumi.prod.yaml", line_of(path, "ostype")),
        ("secure-aks:teams[2].groups[1].role", "Pulumi.prod.yaml", line_of(path, "viwer")),
    ]


def test_the_text_reads_well_in_a_terminal(stack_file):
    path = stack_file((r"kubernetesVersion: \S+", "kubernetesVersion: 1.35"))
    line = line_of(path, "kubernetesVersion")
    assert str(refusal(path)) == (
        "Pulumi.prod.yaml is refused: 1 problem\n"
        "\n"
        f"1. secure-aks:cluster.kubernetesVersion (Pulumi.prod.yaml:{line})\n"
        "    why:  1.35 is not a full version: Azure would choose the rest, and the stack would drift for ever\n"
        "    mend: write all three parts, such as 1.35.6"
    )


def test_a_missing_section_has_no_line(stack_file):
    path = stack_file(("secure-aks:network:", "secure-aks:netwrk:"))
    missing, unknown = refusal(path).problems
    assert (missing.path, missing.line) == ("secure-aks:network", None)
    assert (unknown.path, unknown.line) == ("secure-aks:netwrk", line_of(path, "netwrk"))


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        ("config:\n  a: [1\n", "it is not YAML", 3),
        ("config:\n  a:b: 1\n  a:b: 2\n", "the key 'a:b' is written twice, first on line 2", 3),
        ("config: [1]\n", "it holds no mapping `config`", 1),
        ("- config\n", "it holds no mapping `config`", 1),
        ("config:\n\t- a\n", "it is not YAML", 2),
        ("config:\n  a: !thing 1\n", "the tag !thing", 2),
    ],
)
def test_no_stack_file(tmp_path, text, why, line):
    path = tmp_path / "Pulumi.x.yaml"
    path.write_text(text)
    [problem] = refusal(path).problems
    assert why in problem.why
    assert problem.line == line


def test_no_file(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    [problem] = refusal(tmp_path / "Pulumi.x.yaml").problems
    assert problem.why == "it cannot be read: No such file or directory"


def test_no_text(tmp_path):
    (tmp_path / "Pulumi.x.yaml").write_bytes(b"\xff\xfe\x00")
    [problem] = refusal(tmp_path / "Pulumi.x.yaml").problems
    assert "UTF-8" in problem.why


@pytest.mark.parametrize("text", ["", "config:\n", "config: {}\n"])
def test_an_empty_file_lacks_everything(tmp_path, text):
    (tmp_path / "Pulumi.x.yaml").write_text(text)
    error = refusal(tmp_path / "Pulumi.x.yaml")
    paths = {problem.path for problem in error.problems}
    assert paths >= {"azure-native:location", "secure-aks:environment", "secure-aks:systemPool"}


def test_a_bad_clock_is_a_problem_too(stack_file, monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "tomorrow")
    [problem] = refusal(stack_file()).problems
    assert problem.path == "SECURE_AKS_CLOCK"
    assert "'tomorrow' is not an ISO date" in problem.why
    assert problem.remedy.startswith("write one")


def test_the_projects_file_is_under_the_stacks(stack_file):
    path = stack_file(("  azure-native:location: westeurope\n", ""))
    assert refusal(path).problems[0].path == "azure-native:location"
    project = path.parent / "Pulumi.yaml"
    project.write_text("name: secure-aks\nruntime: python\nconfig:\n  azure-native:location: northeurope\n")
    assert load_file(path).location == "northeurope"
    project.write_text("name: secure-aks\nconfig:\n  azure-native:location:\n    value: swedencentral\n")
    assert load_file(path).location == "swedencentral"
    assert load_file(stack_file()).location == "westeurope"


def test_a_key_without_a_namespace_is_the_projects(stack_file):
    path = stack_file(("secure-aks:audit:", "audit:"), ("retentionDays: 180", "retentionDays: 7"))
    [problem] = refusal(path).problems
    assert (problem.path, problem.line) == ("secure-aks:audit.retentionDays", line_of(path, "retentionDays"))


def test_encrypted_values_stay_encrypted(stack_file):
    path = stack_file(
        ("mode: kured\n    kured:\n", "mode: kured\n    kured:\n      notifyUrl: {secure: AAABAB==}\n")
    )
    kured = load_file(path).node_updates.kured
    assert kured
    assert kured.notify_url
    assert kured.notify_url.get_secret_value() == SECRET


@pytest.fixture
def program(monkeypatch):
    """Give the running program a stack's configuration as the engine does: mappings and lists as JSON text."""

    def configure(path, stack="prod"):
        config = read(path).config
        values = {
            key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()
        }
        pulumi.runtime.set_all_config({})  # what another test ran in this process
        monkeypatch.setattr(pulumi, "get_stack", lambda: stack)
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(values))
        monkeypatch.chdir(path.parent)

    return configure


def test_load_reads_what_the_engine_passes(program, stack_file):
    path = stack_file()
    program(path)
    assert load() == load_file(path)


def test_load_names_the_lines_of_the_stack_file(program, stack_file):
    path = stack_file(("name: memory", "name: memory-heavy"))
    program(path)
    with pytest.raises(SettingsError) as refused:
        load()
    [problem] = refused.value.problems
    assert problem.path == "secure-aks:pools[1].name"
    assert problem.line == line_of(path, "memory-heavy")


def test_load_without_a_stack_file_beside_the_program(program, stack_file):
    path = stack_file(("name: memory", "name: memory-heavy"))
    program(path)
    path.unlink()
    with pytest.raises(SettingsError) as refused:
        load()
    assert [problem.line for problem in refused.value.problems] == [None]


def test_importing_the_settings_does_not_import_the_engine():
    code = "import settings, sys; sys.exit(any(m.split('.')[0].startswith('pulumi') for m in sys.modules))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_folder_without_a_project_is_told(tmp_path):
    with pytest.raises(SettingsError) as refused:
        load_cluster(tmp_path, "dev")
    (problem,) = refused.value.problems
    assert problem.why.endswith("No such file or directory; no stack has a file here")
    assert problem.remedy == "go to the project's folder, or name it: -C FOLDER"


def test_a_stack_in_another_spelling_is_named(tmp_path):
    (tmp_path / "Pulumi.Staging.yaml").write_text("config: {}\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    for read_it in (
        lambda: load_cluster(tmp_path, "staging"),
        lambda: layers_of(tmp_path / "Pulumi.staging.yaml"),
    ):
        with pytest.raises(SettingsError) as refused:
            read_it()
        (problem,) = refused.value.problems
        assert problem.why.endswith("the stacks here are: Staging, dev")
        assert problem.remedy == "did you mean `Staging`?"
