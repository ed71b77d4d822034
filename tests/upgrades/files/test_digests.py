"""The digests of a project: whatever its folders hold, they are taken, and a change of what a program may read is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from upgrades.files.digests import differing, digests

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path):
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "__main__.py", "profiles/a.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def taken(project):
    return digests(project, project / "Pulumi.dev.yaml")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Pulumi.yaml", True),
        ("Pulumi.dev.yaml", True),
        ("Pulumi.prod.yaml", False),
        ("profiles/a.json", True),
        ("profiles/Pulumi.prod.yaml", True),
        (".upgrades/dev.jsonl", False),
        ("tests/x.py", False),
    ],
)
def test_a_change_is_seen_where_a_program_may_read_it(project, name, seen):
    before = taken(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("another")
    assert differing(before, taken(project)) == [name] * seen


def test_every_file_of_this_program_and_its_packs_counts():
    """Folders named `build` hold what packaging left."""
    seen = digests(ROOT, ROOT / "Pulumi.dev.yaml")
    for room in ("settings", "components", "policies", "profiles"):
        files = {
            path.relative_to(ROOT)
            for path in (ROOT / room).rglob("*")
            if path.suffix in {".py", ".yaml", ".json"}
        }
        kept = {str(path) for path in files if "build" not in path.parts}
        assert kept, room
        assert kept - seen.keys() == set()
    assert {
        "__main__.py",
        "Pulumi.yaml",
        "Pulumi.dev.yaml",
        "pyproject.toml",
        "requirements.txt",
    } <= seen.keys()


def test_a_file_behind_a_link_counts_and_links_in_a_circle_end(project, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("shared")
    (elsewhere / "b.json").write_text("b")
    (project / "shared").symlink_to(elsewhere)
    for name in ("one", "two", "three"):
        (project / "profiles" / name).symlink_to(project)
    (elsewhere / "self").symlink_to(elsewhere)
    before = taken(project)
    assert "shared/b.json" in before
    assert len(before) == 5
    (elsewhere / "b.json").write_text("c")
    assert differing(before, taken(project)) == ["shared/b.json"]


def test_what_cannot_be_read_or_goes_away_is_no_traceback(project, monkeypatch):
    read = Path.read_bytes

    def refusing(path):
        if path.name == "a.json":
            raise PermissionError(13, "Permission denied")
        if path.name == "__main__.py":
            raise FileNotFoundError
        return read(path)

    before = taken(project)
    monkeypatch.setattr(Path, "read_bytes", refusing)
    assert taken(project)["profiles/a.json"] == "Permission denied"
    assert differing(before, taken(project)) == ["__main__.py", "profiles/a.json"]
