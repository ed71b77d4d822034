"""The pages for people: what they name exists, what they write into a stack file is taken, what they run parses."""

from __future__ import annotations

import ast
import itertools
import re
from functools import cache

import pytest
import yaml
from secure_aks_lifecycle.rules import RULES as LIFECYCLE
from secure_aks_security.rules import load_rules
from secure_aks_security.stack import STACK_RULES

from settings.checks.finding import RULES as SETTINGS
from settings.contents import anchor
from tests.adoption.workflows import ROOT, commands
from tests.test_first_cluster import dev, judge, merged

ARTICLE = (ROOT / "docs/article.md").read_text(encoding="utf-8")
DAY_2 = "\n".join(
    (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    for page in ("day-2", "alerts", "gitops", "backups")
)
INDEX = (ROOT / "docs/README.md").read_text(encoding="utf-8")
AZ = {
    "group create",
    "storage account create",
    "storage container create",
    "provider register",
    "k8s-configuration flux show",
    "dataprotection recovery-point list",
    "dataprotection backup-instance initialize-restoreconfig",
    "dataprotection backup-instance restore initialize-for-item-recovery",
    "dataprotection backup-instance validate-for-restore",
    "dataprotection backup-instance restore trigger",
}
KNOWN = {
    *(rule.id for rule in LIFECYCLE),
    *(rule.id for rule in load_rules()),
    *(rule.id for rule in STACK_RULES),
    *SETTINGS,
}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in ARTICLE.splitlines()
    if line.startswith("| ") and not line.startswith("| The article")
]


@cache
def named_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def exists(named: str) -> bool:
    path, _, test = named.partition("::")
    return (ROOT / path).exists() and (not test or test in named_in(path))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_piece_of_advice_has_what_holds_it(row):
    advice, rules, made, held = row
    assert advice
    assert set(re.findall(r"`([^`]+)`", rules)) <= KNOWN
    for place in (made, held):
        named = re.findall(r"`([^`]+)`", place)
        assert named
        assert [one for one in named if not exists(one)] == []
    assert all(one.startswith("tests/") for one in re.findall(r"`([^`]+)`", held))


def test_every_part_of_the_article_is_there():
    parts = re.findall(r"^## (.*)$", ARTICLE, re.MULTILINE)
    assert parts == [
        "Secure access to the API server and cluster nodes",
        "Secure container access to resources",
        "Regularly update to the latest version of Kubernetes",
        "Process Linux node updates and reboots using kured",
    ]


def test_what_else_it_names_exists():
    for named in re.findall(r"`(tests/[^`]+)`", ARTICLE):
        assert exists(named), named
    assert not exists("tests/test_readme.py::test_that_is_not_there")


@pytest.mark.parametrize("snippet", re.findall(r"```yaml\n(.*?)```", DAY_2, re.DOTALL))
def test_what_day_2_writes_into_a_stack_file_is_taken(snippet):
    said = {key.removeprefix("secure-aks:"): value for key, value in yaml.safe_load(snippet).items()}
    base = dev()
    for key, value in said.items():
        if isinstance(value, list):  # one more beside those that there are
            said[key] = [*base[key], *value]
    judge(merged(base, said))


def test_what_day_2_runs_parses():
    from tests.adoption.test_examples import PROGRAMS, parse  # noqa: PLC0415 - its fixtures stay there

    found = [words for block in re.findall(r"```sh\n(.*?)```", DAY_2, re.DOTALL) for words in commands(block)]
    spoken = [words for text in re.findall(r"`(\./secure-aks [^`]+)`", DAY_2) for words in commands(text)]
    assert found
    assert spoken
    for words in [*found, *spoken]:
        if words[0] == "./secure-aks":
            parse(PROGRAMS[words[1]], words[2:])
        elif words[0] == "make":
            assert words[2].removeprefix("RULE=") in {"PDB001", "CRED001"}
        elif words[0] == "az":  # what backups and Flux need beside the stack file
            assert " ".join(itertools.takewhile(lambda word: not word.startswith("-"), words[1:])) in AZ
        else:
            assert words[:2] in (["pulumi", "preview"], ["pulumi", "up"])


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_every_anchor_is_a_heading(page):
    for link, to in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", page.read_text(encoding="utf-8")):
        target = page.parent / link if link else page
        assert to in anchors(target), f"{link}#{to}"


LONG = 5500
"""Letters of a page that has links to its parts: a code host shows no contents of its own."""


@pytest.mark.parametrize(
    "page",
    [path for path in sorted((ROOT / "docs").glob("*.md")) if len(path.read_text("utf-8")) > LONG],
    ids=lambda page: page.name,
)
def test_a_long_page_links_to_each_of_its_parts(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    level = "##" if text.count("\n## ") > 1 else "###"
    parts = {anchor(title) for title in re.findall(rf"(?m)^{level} (.*)$", text)}
    linked = re.findall(r"\]\(#([^)]+)\)", text[: text.index(f"\n{level} ")])
    tables = {"day-2.md", "policies-lifecycle.md"}  # whose rows are the links, in a part of their own
    assert parts - {*linked, *(re.findall(r"\]\(#([^)]+)\)", text) if page.name in tables else ())} == set()


@cache
def anchors(path) -> set[str]:
    """The anchors that a code host makes of a page's headings."""
    found = set()
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        found.add(anchor(title))
    return found


def test_the_index_has_every_page():
    linked = set(re.findall(r"\]\(([\w-]+\.md)", INDEX))
    assert linked == {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
