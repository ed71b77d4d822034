"""docs/isolation.md: the tests that its tables name are there, and its example is a stack file's."""

from __future__ import annotations

import re

import pytest
import yaml

from settings.sections.teams import ROLE_PRESETS, Isolation
from tests.access.helpers import ROOT
from tests.settings.helpers import good, stack
from tests.settings.test_clusters import read

PAGE = (ROOT / "docs" / "isolation.md").read_text(encoding="utf-8")
TESTS = dict.fromkeys(re.findall(r"`((?:test_|Test)\w+)`", PAGE))
FILES = re.findall(r"`(tests/\S+\.py)`", PAGE)


def test_the_page_names_tests_and_their_files() -> None:
    assert len(TESTS) > 7
    assert len(set(FILES)) == 5


@pytest.mark.parametrize("name", TESTS)
def test_a_test_that_is_named_is_there(name: str) -> None:
    texts = [(ROOT / file).read_text(encoding="utf-8") for file in FILES]
    assert any(re.search(rf"^ *(def|class) {name}\b", text, re.MULTILINE) for text in texts), name


@pytest.mark.parametrize("degree", Isolation.__args__)
def test_every_degree_is_in_each_table(degree: str) -> None:
    headings = [line for line in PAGE.splitlines() if line.startswith(("| a tenant tries", "| what happens"))]
    assert len(headings) == 2
    assert all(f"`{degree}`" in line for line in headings)
    assert f"\n| `{degree}` | " in PAGE


def test_the_cluster_of_the_example_is_a_stack_files() -> None:
    [text] = [
        block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "secure-aks:clusters" in block
    ]
    said = {key.removeprefix("secure-aks:"): value for key, value in yaml.safe_load(text).items()}
    settings, findings = read(said["clusters"], {"teams": [*stack()["teams"][:1], *said["teams"]]})
    assert findings == []
    assert settings
    assert [team.name for team in settings.further["partners"].teams] == ["partners"]
    assert [team.isolation for team in settings.teams] == ["namespace", "sandbox"]


def test_the_example_is_a_stack_files() -> None:
    [text] = [
        block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "secure-aks:pools" in block
    ]
    said = {key.removeprefix("secure-aks:"): value for key, value in yaml.safe_load(text).items()}
    pools = [pool for pool in stack()["pools"] if pool["name"] != "sandbox"]
    settings = good(
        {
            "pools": [*pools, *({**pool, "zones": ["1", "2"]} for pool in said["pools"])],
            "teams": said["teams"],
        }
    )
    assert settings.teams[0].isolation == "sandbox"
    assert {group.role for group in settings.teams[0].groups} <= set(ROLE_PRESETS)
