"""The section as such, on the repository's own profiles; tests/profiles has what is in their files."""

import pytest

from settings.sections.profiles import FOLDER
from tests.settings.helpers import Case, good, refuse

PROFILES = "secure-aks:profiles"
IMAGE = "contoso.azurecr.io/loader@sha256:" + "0" * 64


def section(**keys):
    return {"profiles": {"loaderImage": IMAGE} | keys}


CASES = [
    Case("no such seccomp profile", section(seccomp=["hardend"]), f"{PROFILES}.seccomp[0]", "no file profiles/seccomp/hardend.json", "did you mean `hardened`?"),
    Case("no such apparmor profile", section(apparmor=["hardened", "prevent-chmod"]), f"{PROFILES}.apparmor[1]", "no file profiles/apparmor/prevent-chmod", "write `hardened`"),
    Case("file's name", section(seccomp=["hardened.json"]), f"{PROFILES}.seccomp[0]", "no file profiles/seccomp/hardened.json.json", "did you mean `hardened`?"),
    Case("twice", section(seccomp=["hardened", {"name": "hardened", "pools": ["general"]}]), f"{PROFILES}.seccomp[1]", f"named by {PROFILES}.seccomp[0]", "once"),
    Case("unknown pool", section(apparmor=[{"name": "hardened", "pools": ["generl"]}]), f"{PROFILES}.apparmor[0].pools[0]", "no pool 'generl'", "did you mean `general`?"),
    Case("list of lists", section(seccomp=[["hardened"]]), f"{PROFILES}.seccomp[0]", "it is a list", "write a mapping"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


def test_windows_pools_are_left_alone():
    refuse(
        Case(
            "windows",
            section(seccomp=[{"name": "hardened", "pools": ["general", "win"]}]),
            f"{PROFILES}.seccomp[0].pools[1]",
            "Windows",
            "remove",
        )
    )


def test_a_name_or_a_mapping():
    settings = good(section(seccomp=[{"name": "hardened", "pools": ["general"]}], apparmor=["hardened"]))
    [seccomp], [apparmor] = settings.profiles.seccomp, settings.profiles.apparmor
    assert (seccomp.name, seccomp.pools) == ("hardened", ("general",))
    assert (apparmor.name, apparmor.pools) == ("hardened", ())


def test_the_folder_is_the_repositorys():
    assert (FOLDER / "seccomp" / "hardened.json").is_file()
