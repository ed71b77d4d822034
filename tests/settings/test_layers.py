"""What a stack says, over what all stacks share, over the profile of the first day; the packs read the same."""

import copy
import json
import re
import shutil
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from secure_aks_lifecycle.stack.layers import over
from secure_aks_lifecycle.stack.stack_config import StackConfig
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import configure
from secure_aks_security.stack_file.facts import facts

from settings import SettingsError, cli, load_file
from settings.effective import _lines, effective
from settings.effective_line import Line, as_text
from settings.reading.layers import FOLDER, Layers
from settings.reading.load import load_cluster
from settings.reading.source import read
from settings.way_in import findings
from tests.settings.test_clusters import FOUR_LINES

ROOT = Path(__file__).parents[2]
FIRST_DAY = """\
config:
  secure-aks:profile: {profile}
  secure-aks:environment: {profile}
  secure-aks:cluster:
    name: aks-shop
    kubernetesVersion: 1.35.6
    breakGlass:
      - name: aks-shop-break-glass
    monitoring: {{contacts: {{emails: [on-call@contoso.com]}}}}
  secure-aks:systemPool: {{name: system, version: 1.35.6}}
  secure-aks:pools:
    - {{name: general, version: 1.35.6}}
  secure-aks:teams:
    - name: shop
      groups: [{{name: shop-developers, role: developer}}]
"""
SHARED = """\
name: secure-aks
runtime: python
config:
  azure-native:location: westeurope
  secure-aks:defaults:
    value:
      tags: {owner: platform}
      audit: {retentionDays: 180}
      eachPool: {maxPods: 60, labels: {a: b}}
"""


@pytest.fixture(autouse=True)
def day(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


@pytest.fixture
def stack(tmp_path):
    def make(text, *, project=SHARED, name="prod"):
        (tmp_path / "Pulumi.yaml").write_text(project)
        path = tmp_path / f"Pulumi.{name}.yaml"
        path.write_text(text)
        return path

    return make


def problems(path):
    with pytest.raises(SettingsError) as error:
        load_file(path)
    return error.value.problems


@pytest.mark.parametrize("profile", ["dev", "prod"])
def test_a_profile_gives_a_whole_stack_in_under_25_lines(stack, profile):
    text = FIRST_DAY.format(profile=profile)
    assert len(text.splitlines()) < 25
    settings = load_file(stack(text, name=profile))
    assert settings.system_pool
    assert settings.system_pool.vm_size
    assert settings.pools[0].zones == (("1", "2", "3") if profile == "prod" else ("1",))
    assert settings.maintenance.releases


@pytest.mark.parametrize("profile", ["dev", "prod"])
def test_the_stack_of_the_first_day_that_the_reference_shows_is_whole(stack, profile):
    """Its file is right, and somebody gets in to apply what is inside: a preview refuses nothing of it."""
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    block = page.partition("A whole stack of the first day:\n\n")[2].partition("\n\n`make settings")[0]
    text = textwrap.dedent(block).replace(" prod\n", f" {profile}\n")
    assert len(text.splitlines()) < 25
    assert list(findings(load_file(stack(text, name=profile)))) == []


def test_the_nearest_layer_says_it(stack):
    text = FIRST_DAY.format(profile="prod").replace(
        "- {name: general, version: 1.35.6}",
        '- {name: general, version: 1.35.6, maxPods: 70, zones: ["1", "3"]}',
    )
    settings = load_file(stack(text))
    [pool] = settings.pools
    assert (pool.max_pods, pool.zones) == (70, ("1", "3"))  # the stack file
    assert pool.labels == {"a": "b"}  # Pulumi.yaml
    assert settings.audit.retention_days == 180  # Pulumi.yaml, over the profile's
    assert pool.vm_size == "Standard_D8ds_v5"  # the profile
    assert settings.audit.categories == ("kube-audit", "guard")  # nobody
    assert settings.tags == {"owner": "platform"}


def test_an_empty_value_takes_away_what_lies_below(stack):
    text = FIRST_DAY.format(profile="prod") + "  secure-aks:audit: {retentionDays: }\n"
    assert load_file(stack(text)).audit.retention_days == 90


def test_a_stack_may_have_defaults_of_its_own(stack):
    text = FIRST_DAY.format(profile="dev") + "  secure-aks:defaults: {tags: {owner: me}}\n"
    settings = load_file(stack(text, name="dev"))
    assert settings.tags == {"owner": "me"}
    assert settings.audit.retention_days == 30


WRONG = {
    "in the stack file": ("name: aks-shop\n", "name: AKS\n", "secure-aks:cluster.name", "Pulumi.prod.yaml:5"),
    "a profile that is none": (": prod\n  secure-aks:env", ": production\n  secure-aks:env", "secure-aks:profile", "Pulumi.prod.yaml:2"),
    "missing in a pool": ("- {name: general, version: 1.35.6}", "- {name: general}", "secure-aks:pools[0].version", "Pulumi.prod.yaml:12"),
    "missing in a section": ("{name: system, version: 1.35.6}", "{name: system}", "secure-aks:systemPool.version", "Pulumi.prod.yaml:10"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "path", "place"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_where_it_is_said(stack, before, after, path, place):
    text = FIRST_DAY.format(profile="prod")
    assert before in text
    found = {
        problem.path: f"{problem.file}:{problem.line}"
        for problem in problems(stack(text.replace(before, after)))
    }
    assert found[path] == place


SHARED_WRONG = {
    "a value": ("retentionDays: 180", "retentionDays: 1", "secure-aks:audit.retentionDays", 8),
    "a key": ("audit:", "audits:", "secure-aks:audits", 8),
    "a key of each pool": ("maxPods: 60", "maxPod: 60", "secure-aks:pools[0].maxPod", 9),
    "each pool as text": ("{maxPods: 60, labels: {a: b}}", "none", "secure-aks:eachPool", 9),
    "a key that is no section": ("tags: {owner: platform}", "profile: dev", "secure-aks:defaults.profile", 7),
}


@pytest.mark.parametrize(("before", "after", "path", "line"), SHARED_WRONG.values(), ids=SHARED_WRONG)
def test_what_is_wrong_in_what_all_share_is_told_there(stack, before, after, path, line):
    assert before in SHARED
    [problem] = problems(stack(FIRST_DAY.format(profile="prod"), project=SHARED.replace(before, after)))
    assert (problem.path, problem.file, problem.line) == (path, "Pulumi.yaml", line)


def test_defaults_as_text_are_refused(stack):
    project = re.sub(r"(?s)value:.*", "value: nothing\n", SHARED)
    [problem] = problems(stack(FIRST_DAY.format(profile="prod"), project=project))
    assert problem.path == "secure-aks:defaults"


def test_the_effective_file_says_where_each_key_was_said(stack):
    lines = effective(stack(FIRST_DAY.format(profile="prod"))).splitlines()
    said = {re.sub(r"\s{2,}# .*", "", line).strip("# "): line.rpartition("# ")[2] for line in lines}
    assert said["azure-native:location: westeurope"] == "Pulumi.yaml:4"
    assert said["kubernetesVersion: 1.35.6"] == "Pulumi.prod.yaml:6"
    assert said["retentionDays: 180"] == "Pulumi.yaml:8"
    assert said["maxPods: 60"] == "Pulumi.yaml:9"
    assert said["vmSize: Standard_D8ds_v5"] == "profile prod"
    assert said["tier: Standard"] == "default"


@pytest.mark.parametrize("name", ["dev", "staging", "prod"])
def test_the_effective_file_is_a_stack_file_that_says_the_same(tmp_path, name):
    for path in (ROOT / "Pulumi.yaml", *ROOT.glob("Pulumi.*.yaml")):
        shutil.copy(path, tmp_path)
    path = tmp_path / f"Pulumi.{name}.yaml"
    settings, text = load_file(path), effective(path)
    (tmp_path / "Pulumi.yaml").write_text("name: secure-aks\nruntime: python\n")
    path.write_text(text)
    assert load_file(path).model_dump() == settings.model_dump()


@pytest.mark.parametrize("columns", [1, 40, 60, 80])
def test_a_narrow_effective_file_says_the_same_and_fits(columns):
    for name in ("dev", "staging", "prod"):
        path = ROOT / f"Pulumi.{name}.yaml"
        whole, narrow = effective(path), effective(path, columns=columns)
        assert yaml.safe_load(narrow) == yaml.safe_load(whole)
        assert sorted(narrow.replace("#", "").split()) == sorted(whole.replace("#", "").split())
        long = [line for line in narrow.splitlines() if len(line) >= columns >= 60]
        assert [line for line in long if "@sha256:" not in line] == [], "a digest is one word"


@given(st.lists(st.text(st.characters(codec="ascii", exclude_categories=["C"]))), st.integers(1, 90))
def test_a_value_of_any_text_goes_on_below_as_the_same_value(words, columns):
    for value in (words, " ".join(words), {"a b": words}):
        lines = [Line("config:", said=True), *_lines("name", value, "name", Layers([], {}), indent=2)]
        lines = [replace(line, said=True, place=line.place and "Pulumi.yaml:1") for line in lines]
        assert yaml.safe_load(as_text(lines, columns)) == yaml.safe_load(as_text(lines))


def test_into_a_pipe_a_value_keeps_its_line_and_a_terminal_folds_it(monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    words = ["effective", "-C", str(ROOT), "--stack", "prod"]
    assert cli.main(words) == 0
    piped = capsys.readouterr().out
    assert piped == effective(ROOT / "Pulumi.prod.yaml")
    monkeypatch.setenv("COLUMNS", "60")
    assert cli.main(words) == 0
    assert capsys.readouterr().out == effective(ROOT / "Pulumi.prod.yaml", columns=60) != piped


def shipped_with_a_second_cluster(folder):
    for path in (ROOT / "Pulumi.yaml", *ROOT.glob("Pulumi.*.yaml")):
        shutil.copy(path, folder)
    path = folder / "Pulumi.dev.yaml"
    path.write_text(path.read_text() + FOUR_LINES)
    return path


def test_the_effective_file_of_a_further_cluster_is_that_of_a_stack_of_its_own(tmp_path):
    path = shipped_with_a_second_cluster(tmp_path)
    blue, text = load_cluster(tmp_path, "dev/blue"), effective(path, "blue")
    number = path.read_text()[: path.read_text().index("poolVersions: ")].count("\n") + 1
    assert re.search(rf"version: 1\.35\.5 +# Pulumi\.dev\.yaml:{number}\n", text), "the spot pool's"
    assert re.search(rf"name: aks-blue +# Pulumi\.dev\.yaml:{number - 3}\n", text)
    (tmp_path / "Pulumi.yaml").write_text("name: secure-aks\nruntime: python\n")
    path.write_text(text)
    assert load_file(path).model_dump() == blue.model_dump()


def test_the_effective_file_has_the_further_clusters_and_so_has_its_data(tmp_path, capsys):
    path = shipped_with_a_second_cluster(tmp_path)
    both, text = load_file(path), effective(path)
    assert cli.main(["effective", "--cwd", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["clusters"]["blue"]["cluster"]["name"] == "aks-blue"
    (tmp_path / "Pulumi.yaml").write_text("name: secure-aks\nruntime: python\n")
    path.write_text(text)
    again = load_file(path)
    assert again.further["blue"].model_dump() == both.further["blue"].model_dump()
    assert re.search(r"    blue:\n      cluster:\n        name: aks-blue +# Pulumi\.dev\.yaml:\d+", text)


def test_the_command_names_a_further_cluster_and_refuses_one_that_is_not_there(tmp_path, capsys):
    shipped_with_a_second_cluster(tmp_path)
    assert cli.main(["effective", "--cwd", str(tmp_path), "--stack", "dev/blue"]) == 0
    assert "name: aks-blue" in capsys.readouterr().out
    assert cli.main(["effective", "--cwd", str(tmp_path), "--stack", "dev/green"]) == 1
    assert "the clusters here are: dev, dev/blue" in capsys.readouterr().err


# Each key has one kind, as in a stack file: a number in the place of a mapping would hide what lies below both.
VALUES = st.recursive(
    st.fixed_dictionaries({}, optional=dict.fromkeys("ab", st.integers(0, 3) | st.none())),
    lambda inner: st.fixed_dictionaries({}, optional={"a": st.integers(0, 3), **dict.fromkeys("cd", inner)}),
    max_leaves=8,
)


@given(VALUES, VALUES, VALUES)
def test_layers_join_the_same_whichever_two_are_joined_first(one, two, three):
    if all(isinstance(value, dict) for value in (one, two, three)) and "None" not in repr([one, two]):
        assert over(over(one, two), three) == over(one, over(two, three))
    before = copy.deepcopy((one, two))
    joined = over(one, two)
    assert (one, two) == before
    if isinstance(one, dict) and isinstance(two, dict):
        assert (
            {key for key, value in one.items() if value is not None}
            <= joined.keys()
            <= one.keys() | two.keys()
        )


# The packs.


def prod_sections():
    return {
        key.removeprefix("secure-aks:"): value
        for key, value in read(ROOT / "Pulumi.prod.yaml").config.items()
    }


def known_to_packs(config):
    """What both packs make of a configuration."""
    stack = StackConfig.parse(config)
    security = configure(load_rules(), config)
    cluster = {key: stack.cluster.get(key) for key in ("name", "tier", "supportPlan", "kubernetesVersion")}
    return (
        security,
        stack.environment,
        stack.system_pool,
        cluster,
        stack.version_rules,
        stack.promotion,
        stack.levels,
        stack.params,
        stack.exemptions,
    )


def flat(sections):
    return {f"secure-aks:{key}": value for key, value in sections.items()}


def test_packs_read_over_what_all_stacks_share():
    sections = prod_sections()
    sections["policies"] = {"security": {"pod-probes": "disabled"}, "lifecycle": {"newer-patch": "mandatory"}}
    whole = known_to_packs(flat(sections))
    for key in sections:
        rest = {name: value for name, value in sections.items() if name != key}
        shared = json.dumps({key: sections[key]})  # the engine hands mappings over as JSON
        assert known_to_packs({**flat(rest), "secure-aks:defaults": shared}) == whole, key
    halves = flat(sections) | {"secure-aks:cluster": {"kubernetesVersion": "1.35.6"}}
    assert known_to_packs({**halves, "secure-aks:defaults": {"cluster": sections["cluster"]}})[3] == {
        **whole[3],
        "kubernetesVersion": "1.35.6",
    }


@pytest.mark.parametrize("profile", ["dev", "prod"])
def test_nothing_in_a_profile_is_read_by_a_pack(profile):
    """The packs do not see it: they know the stack file alone, and Pulumi.yaml."""
    said = read(FOLDER / f"{profile}.yaml").config
    nothing, something = known_to_packs({}), known_to_packs(dict(said))
    assert nothing == something
    assert facts({}) == facts({key.removeprefix("secure-aks:"): value for key, value in said.items()})


@pytest.mark.parametrize("to", ["nowhere", "Pulumi.yaml", "."])
def test_a_project_file_that_leads_nowhere_is_not_left_out(tmp_path, to):
    """What it says for all stacks would be dropped without a word."""
    (tmp_path / "Pulumi.dev.yaml").write_bytes((ROOT / "Pulumi.dev.yaml").read_bytes())
    (tmp_path / "Pulumi.yaml").symlink_to(to)
    with pytest.raises(SettingsError, match=r"Pulumi\.yaml.*\n.*cannot be read"):
        load_file(tmp_path / "Pulumi.dev.yaml")
