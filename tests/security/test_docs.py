"""The documentation and `explain` say what the rules say."""

import re
from pathlib import Path

import pytest
from pulumi_azure_native import containerservice
from secure_aks_security import rules
from secure_aks_security.__main__ import main
from secure_aks_security.model import Rule
from secure_aks_security.rules import RuleFileError, load_areas, load_rules
from secure_aks_security.stack import STACK_RULES
from secure_aks_security.words.docs import document

from settings.contents import anchor as anchor_of

ROOT = Path(__file__).parents[2]
RULES = load_rules()


@pytest.mark.parametrize("arguments", [["policies-security.md"], ["policies.md", "--index"]])
def test_the_documentation_is_fresh(arguments):
    page, *options = arguments
    command = " ".join(["python -m secure_aks_security docs", *options, f"docs/{page}"])
    path = ROOT / "docs" / page
    assert main(["docs", *options, str(path), "--check"]) == 0, f"run {command}"
    assert f"`{command}`" in path.read_text()


def test_the_pages_link_to_what_is_there():
    for page in ("policies.md", "policies-security.md"):
        for target in re.findall(r"\]\(([^)#:]+\.md)?(?:#([^)]+))?\)", (ROOT / "docs" / page).read_text()):
            file, anchor = target
            text = (ROOT / "docs" / (file or page)).read_text()
            headings = {anchor_of(title) for title in re.findall(r"(?m)^#+ (.*)$", text)}
            assert not anchor or anchor in headings, (page, target)


def test_stale_documentation_is_noticed(tmp_path, capsys):
    stale = tmp_path / "rules.md"
    stale.write_text("old")
    assert main(["docs", "--check", str(stale)]) == 1
    assert "is stale" in capsys.readouterr().err
    assert main(["docs", str(stale)]) == 0
    assert stale.read_text() == document()


@pytest.mark.parametrize("rule", [*RULES, *STACK_RULES], ids=lambda rule: rule.id)
def test_every_rule_is_explained(rule, capsys):
    assert main(["explain", rule.id]) == 0
    said = capsys.readouterr().out
    assert rule.title in said
    assert rule.remedy.split()[0] in said


def test_a_rule_that_is_not_there(capsys):
    assert main(["explain", "pod-priviledged"]) == 2
    assert "did you mean pod-privileged" in capsys.readouterr().err


def test_all_rules_are_listed(capsys):
    assert main(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(RULES) + len(STACK_RULES)


def test_names_are_one_apart():
    ids = [rule.id for rule in (*RULES, *STACK_RULES)]
    assert len(ids) == len(set(ids))
    for area in load_areas():
        names = [variable.name for variable in area.variables] + list(area.facts)
        names += {name for rule in RULES if rule.area is area for name in rule.parameters}
        assert len(names) == len(set(names)), area.name


def test_every_rule_says_what_it_must():
    for rule in RULES:
        assert rule.fields, rule.id
        assert rule.allowed, rule.id
        assert rule.link.startswith("https://"), rule.id
        assert bool(rule.since) == bool(rule.area.resources), rule.id
        for text in (rule.why, rule.remedy):
            assert text.endswith("."), rule.id
        assert not rule.title.endswith("."), rule.id


def test_azure_properties_are_the_providers():
    """A misspelt property is never there, so a rule that wants it absent would always pass."""
    folder = Path(containerservice.__file__).parent
    source = "".join(
        (folder / name).read_text() for name in ("_inputs.py", "managed_cluster.py", "agent_pool.py")
    )
    for rule in RULES:
        if rule.area.name not in {"clusters", "pools"}:
            continue
        for field in rule.fields:
            for part in (
                field.replace("{", ".").replace("}", ".").replace(",", ".").replace("[*]", "").split(".")
            ):
                add_on = part in {"azurepolicy", "omsagent", "httpApplicationRouting", "kubeDashboard"}
                if (
                    part
                    and not add_on
                    and part not in {"azureKeyvaultSecretsProvider", "enableSecretRotation"}
                ):
                    assert f'name="{part}"' in source or f"def {part}(" in source, (rule.id, part)


def test_a_rule_file_that_says_too_little_is_refused(tmp_path, monkeypatch):
    (tmp_path / "pods").mkdir()
    (tmp_path / "pods" / "_area.yaml").write_text("title: Pods\n")
    (tmp_path / "pods" / "pod-x.yaml").write_text("id: pod-x\nlevel: mandatory\n")
    monkeypatch.setattr(rules, "_FOLDER", tmp_path)
    rules.load_areas.cache_clear()
    try:
        with pytest.raises(RuleFileError, match=r"pod-x\.yaml"):
            rules.load_rules.__wrapped__()
    finally:
        monkeypatch.undo()
        rules.load_areas.cache_clear()
    assert all(isinstance(rule, Rule) for rule in rules.load_rules())
