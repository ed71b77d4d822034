"""The site and its pages: each page is in the navigation once, decisions have one form, pictures show what there is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from tests.adoption.workflows import ROOT, commands, scripts

SITE = ROOT / "web"
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def configuration() -> dict[str, Any]:
    """mkdocs.yml without the functions that only mkdocs itself loads."""
    text = re.sub(r"!!python\S+ (\{.*)", r"\1", (SITE / "mkdocs.yml").read_text(encoding="utf-8"))
    return yaml.safe_load(text)


def leaves(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [leaf for part in (nav.values() if isinstance(nav, dict) else nav) for leaf in leaves(part)]


def test_each_page_is_in_the_navigation_once():
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    roots = ["contributing.md", "security.md", "changelog.md"]
    assert sorted(leaves(configuration()["nav"])) == sorted([*pages, *roots])


def test_the_build_is_strict_and_a_part_of_ci():
    assert "mkdocs --quiet build --strict" in MAKEFILE
    recipe = re.search(r"^test: .* ##.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert recipe
    assert " lint site " in recipe[1]
    checks = configuration()["validation"]
    assert {level for group in checks.values() for level in group.values()} == {"warn"}
    assert "search" in configuration()["plugins"]


def test_the_tools_of_the_site_are_fixed_and_move_with_the_lock():
    wanted = re.findall(r"^([\w-]+)>=", (SITE / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    fixed = re.findall(r"^([\w.-]+)==", (SITE / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    assert wanted
    assert set(wanted) <= set(fixed)
    lock = MAKEFILE[MAKEFILE.index("\nlock:") : MAKEFILE.index(".PHONY: preview")]
    assert "web/constraints.txt" in lock
    added = [
        words
        for script in scripts(ROOT / ".github/workflows/lock.yml")
        for words in commands(script.text)
        if words[:2] == ["git", "commit"]
    ]
    assert added
    assert all("web/constraints.txt" in words or "--all" in words for words in added)


def test_a_page_loads_nothing_from_elsewhere_and_is_searched_in_a_folder_too():
    """Without a file of ours the theme's plugin has every page load one from elsewhere; without any it has no search there."""
    [script] = configuration()["extra"]["polyfills"]
    assert "iframe-worker" in script
    loads = ('<script src="https://cdn.example/x.js">', '<img alt="" src=//cdn.example/x.png>')
    stays = (
        '<link rel="canonical" href="https://docs.example/">',
        '<a href="https://a.example/">',
        '<img src="x.svg">',
    )
    ends = hooked("[ended(text) for text in given]", [*loads, *stays])
    assert ends == [True, True, False, False, False]
    [file] = [name for name, place in hooked("list(hooks.OWN.items())", []) if place == script]
    assert "importScripts" in (SITE / file).read_text("utf-8")


HOOK = """
import sys, types, json
for name in ("mkdocs", "mkdocs.structure", "mkdocs.structure.files"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["mkdocs.structure.files"].File = object
sys.path.insert(0, "web")
import hooks
page = lambda place: types.SimpleNamespace(file=types.SimpleNamespace(src_uri=place))
def ended(text):
    try:
        hooks.on_post_page(text, page=page("p.md"), config=None)
    except ValueError:
        return True
    return False
given = json.load(sys.stdin)
"""


def hooked(expression: str, given: Any) -> Any:
    """Ask the hooks, in a process of its own: mkdocs is in another environment, and only its name is wanted here."""
    done = subprocess.run(
        [sys.executable, "-c", f"{HOOK}print(json.dumps({expression}))"],
        cwd=ROOT,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_links_are_turned_to_where_things_are_on_the_site():
    cases = [
        ("tour.md", "[a](import.md#x)", "[a](import.md#x)"),
        ("access.md", "[a](../CONTRIBUTING.md#tests)", "[a](contributing.md#tests)"),
        ("access.md", "[`p.py`](../components/p.py)", "`p.py` (`components/p.py`)"),
        ("access.md", "[components/p.py](../components/p.py)", "`components/p.py`"),
        ("contributing.md", "[a](docs/upgrades.md)", "[a](upgrades.md)"),
        ("decisions/README.md", "[a](../upgrades.md) [b](0001-x.md)", "[a](../upgrades.md) [b](0001-x.md)"),
        ("tour.md", "```md\n[a](../SECURITY.md)\n```", "```md\n[a](../SECURITY.md)\n```"),
    ]
    turned = (
        "[hooks.on_page_markdown(text, page=page(place), config=None, files=None) for place, text in given]"
    )
    assert hooked(turned, [case[:2] for case in cases]) == [case[2] for case in cases]


def test_numbers_go_on_and_bars_within_code_are_bars():
    """A code host takes both as they stand; Python's Markdown begins at 1 again, and shows the stroke before a bar."""
    numbered = "1. one\n\n   ```sh\n   run\n   ```\n2. two\n"
    bars = "| `a\\|b` | c \\| d |"
    turned = "[hooks.on_page_markdown(text, page=page('p.md'), config=None, files=None) for text in given]"
    found = hooked(turned, [numbered, bars, "A \\| B"])
    assert found == [
        "1. one\n\n    ```sh\n    run\n    ```\n\n2. two\n",
        "| `a|b` | c \\| d |",
        "A \\| B",
    ]


def test_a_table_too_wide_for_a_phone_is_cards_there():
    """Each cell then says its column; a table whose words stand side by side stays one."""
    wide = [
        ["key", "default", 'what "it" is'],
        ["kubernetesVersion", "must be said by you", "a version, in full"],
    ]
    narrow = [["a", "b", "c"], ["1", "2", "3"]]
    words = [["there", "here"], ["of many short words " * 7, "a_name_of/many.parts"]]
    names = [["there", "here"], ["maintenanceconfiguration", "maintenanceconfiguration"]]
    tower = [["what", "how"], ["one", "of many short words " * 8]]
    tables = [_html(one) for one in (wide, narrow, words, names, tower)]
    done = hooked("[hooks.on_page_content(text) for text in given]", tables)
    assert [one == before for one, before in zip(done, tables, strict=True)] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert "<table data-cards>" in done[0]
    assert re.findall(r'<td data-label="([^"]*)">', done[0]) == ["key", "default", "what &quot;it&quot; is"]
    assert "table[data-cards]" in (SITE / "site.css").read_text("utf-8")


def test_a_long_name_in_a_table_ends_its_line_between_words():
    """Browsers break it anywhere otherwise; elsewhere on the page it stays as it is, and so does what the search reads."""
    text = "<code>adminGroupIds</code><table><td><code>adminGroupIds, a_b/c.py::d 1.35.6</code></td></table>"
    [done] = hooked("[hooks.on_post_page(text, page=page('p.md'), config=None) for text in given]", [text])
    assert done.partition("<table>")[2] == (
        "<td><code>admin<wbr>Group<wbr>Ids, a_<wbr>b/<wbr>c.<wbr>py::<wbr>d 1.35.6</code></td></table>"
    )
    assert done.startswith("<code>adminGroupIds</code>")
    assert hooked("[hooks.on_page_content(text) for text in given]", [text]) == [text]


def _html(rows: list[list[str]]) -> str:
    cells = [
        "".join(f"<{tag}>{text}</{tag}>" for text in row)
        for tag, row in zip(["th", *["td"] * len(rows)], rows, strict=False)
    ]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why_what_and_what_it_costs(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Why it came up",
        "What we do",
        "What it costs",
    ]
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert len(text.split()) < 250, "a decision is read in a minute"
    index = (path.parent / "README.md").read_text(encoding="utf-8")
    assert f"[{text.splitlines()[0].partition('. ')[2]}]({path.name})" in index
    held = re.search(r"^More, or what holds it: (.*)\.$", text, re.MULTILINE)
    assert held
    for named in re.findall(r"`(tests/[^`]+)`", held[1]):
        assert (ROOT / named).exists()


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_architectures_picture_has_every_room():
    table = CONTRIBUTING[CONTRIBUTING.index("| folder |") : CONTRIBUTING.index("Tests and docs mirror")]
    rooms = {name.partition("/")[0] for name in re.findall(r"^\| `([\w/]+)`", table, re.MULTILINE)}
    svg = (ROOT / "docs/pictures/architecture.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'font-weight="600" fill="#1a237e">([a-z]+)</text>', svg))
    assert drawn == rooms - {"__main__", "cli"}  # the program is two lines of arrows, and a command over all


@pytest.mark.parametrize("path", sorted((ROOT / "docs/pictures").glob("*.svg")), ids=lambda path: path.stem)
def test_a_picture_loads_nothing_from_elsewhere(path):
    svg = path.read_text(encoding="utf-8")
    assert not re.search(r"(?:src|href)=|url\((?!#)|@import", svg)
    assert len(svg) < 100_000
