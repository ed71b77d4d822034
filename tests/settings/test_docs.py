import re
from collections import defaultdict

import pytest
from pydantic import BaseModel

from settings.docs import TARGET, render
from settings.reading import kinds
from settings.reading.explain import aliases
from settings.sections.stack import StackSettings


def models(model: type[BaseModel] = StackSettings, path: str = ""):
    yield path, model
    for key, field in aliases(model):
        if inner := kinds.of_field(field).model:
            yield from models(inner, f"{path}.{key}")


MODELS = dict(models())


@pytest.fixture(scope="module")
def page():
    return render()


def test_the_page_is_fresh(page):
    assert TARGET.read_text(encoding="utf-8") == page, "run `python -m settings.docs`"


@pytest.fixture(scope="module")
def rows(page):
    """The lines of the page's tables, by the key they are about."""
    found = defaultdict(list)
    for line in page.splitlines():
        if key := re.match(r"\| `(.*?)` \|", line):
            found[key[1]].append(line)
    return found


@pytest.mark.parametrize("path", MODELS)
def test_every_key_has_a_type_a_default_and_a_meaning(path, rows):
    for key, _ in aliases(MODELS[path]):
        assert rows[key], key
        for row in rows[key]:
            assert all(cell.strip() for cell in row.strip("|").split(" | ")), row
            assert row.rstrip(" |")[-1] in ".)", row


def test_lists_and_mappings_are_told_apart(page):
    for heading in ("## `pools[]`", "### `teams[].quota`", "### `policies.security.<name>`", "## `cluster`"):
        assert f"\n{heading}\n" in page


def test_models_are_models():
    assert all(issubclass(model, BaseModel) for model in MODELS.values())
