from pathlib import Path

import pytest

from settings.checks import profiles
from tests.settings.helpers import Case, good, read, refuse

PROFILES = "secure-aks:profiles"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for name in ("seccomp/audit.json", "seccomp/README.md", "apparmor/deny-write", "apparmor/.swp"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    monkeypatch.setattr(profiles, "FOLDER", tmp_path)
    return tmp_path


CASES = [
    Case("no such seccomp profile", {"profiles": {"seccomp": ["audt"]}}, f"{PROFILES}.seccomp[0]", "no file profiles/seccomp/audt.json", "did you mean `audit`?"),
    Case("no such apparmor profile", {"profiles": {"apparmor": ["deny-write", "audit"]}}, f"{PROFILES}.apparmor[1]", "no file profiles/apparmor/audit", "write `deny-write`"),
    Case("file's name", {"profiles": {"seccomp": ["audit.json"]}}, f"{PROFILES}.seccomp[0]", "no file profiles/seccomp/audit.json.json", "did you mean `audit`?"),
    Case("no profile of that kind", {"profiles": {"seccomp": ["README.md"]}}, f"{PROFILES}.seccomp[0]", "no file", "write `audit`"),
    Case("hidden file", {"profiles": {"apparmor": [".swp"]}}, f"{PROFILES}.apparmor[0]", "no file", "write `deny-write`"),
    Case("twice", {"profiles": {"seccomp": ["audit", {"name": "audit", "pools": ["general"]}]}}, f"{PROFILES}.seccomp[1]", f"named by {PROFILES}.seccomp[0]", "once"),
    Case("windows", {"profiles": {"seccomp": [{"name": "audit", "pools": ["general", "win"]}]}}, f"{PROFILES}.seccomp[0].pools[1]", "runs Windows", "remove it"),
    Case("unknown pool", {"profiles": {"apparmor": [{"name": "deny-write", "pools": ["generl"]}]}}, f"{PROFILES}.apparmor[0].pools[0]", "no pool 'generl'", "did you mean `general`?"),
    Case("list of lists", {"profiles": {"seccomp": [["audit"]]}}, f"{PROFILES}.seccomp[0]", "it is a list", "write a mapping"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


def test_no_profiles_at_all(folder):
    (folder / "seccomp/audit.json").unlink()
    _, [finding] = read({"profiles": {"seccomp": ["audit"]}})
    assert finding.remedy == "add the file"


def test_a_name_or_a_mapping():
    settings = good(
        {"profiles": {"seccomp": [{"name": "audit", "pools": ["general"]}], "apparmor": ["deny-write"]}}
    )
    [seccomp], [apparmor] = settings.profiles.seccomp, settings.profiles.apparmor
    assert (seccomp.name, seccomp.pools) == ("audit", ("general",))
    assert (apparmor.name, apparmor.pools) == ("deny-write", ())


def test_the_folder_is_the_repositorys():
    from settings.profiles import FOLDER  # noqa: PLC0415  # the one above is replaced

    assert Path(__file__).resolve().parents[2] / "profiles" == FOLDER
