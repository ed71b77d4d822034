"""The table against four modules: fresh, of settings that exist, and every remedy of it one that can be written."""

import pytest

from settings.facts.azure_api import Resource, members, properties
from settings.facts.ours import owner
from tests.asked.keys import every
from tests.asked.page import TARGET, answers, peers, render

PATHS = {*every().values(), *(f"{path}[]" for path in every().values())}
ROWS = peers()["answers"]


def test_the_page_is_fresh():
    assert TARGET.read_text(encoding="utf-8") == render(), "run `python -m tests.asked.page`"


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: row.get("ours") or row.get("extra") or row["never"][:30]
)
def test_an_answer_is_one_that_can_be_written(row):
    assert len(row.keys() & {"ours", "extra", "never"}) == 1
    if "ours" in row:
        assert row["ours"] in PATHS
    if "extra" in row:
        place, _, path = row["extra"].partition(".extra.")
        resource: Resource = "cluster" if place == "cluster" else "pool"
        known = properties(resource)
        for part in path.split("."):
            assert part in known or known == {}, row["extra"]
            shape = known[part].shape if known else None
            known = members(shape.type) if shape and shape.kind == "object" else {}
        # What is ours is refused in an `extra`; what only has a part of ours is not.
        one = owner(resource, path)
        assert one is None or one.path.startswith(f"{path}."), row["extra"]


@pytest.mark.parametrize("module", peers()["modules"])
def test_a_name_is_answered_once(module):
    names = [name for row in ROWS for name in row.get(module, ())]
    assert len(names) == len(set(names)) == len(answers(module))
    assert len(names) > 50
