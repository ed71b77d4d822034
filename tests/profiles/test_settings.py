"""The section `profiles` of a stack file, with files of the test's own."""

from datetime import date

import pytest

from settings.checks.draft import Context, Draft
from settings.checks.nodes.profiles import check
from settings.sections.profiles import Profiles
from tests.profiles.helpers import IMAGE, PROFILES, pool

SOUND = '{"defaultAction": "SCMP_ACT_LOG"%s}'
POOLS = [
    pool("general"),
    pool("arm", vm_size="Standard_D4pds_v5"),
    pool("guarded", os_sku="AzureLinuxOSGuard"),
    pool("old", os_sku="AzureLinux", version="1.31.9"),
    pool("win", os_type="Windows", os_sku="Windows2025"),
]


@pytest.fixture
def found(tmp_path):
    """What is found in a section; `files` are written first, by kind and name."""

    def run(section, files=None):
        for kind in ("seccomp", "apparmor"):
            (tmp_path / kind).mkdir(exist_ok=True)
        for path, text in (files or {}).items():
            (tmp_path / path).write_text(text)
        profiles = Profiles.model_validate({"loaderImage": IMAGE, **section})
        pools = {f"pools[{index}]": one for index, one in enumerate(POOLS)}
        draft = Draft(context=Context("dev", date(2026, 11, 23)), profiles=profiles, pools=pools)
        return [
            (one.path.removeprefix("secure-aks:profiles."), one.why, one.remedy)
            for one in check(draft, tmp_path)
        ]

    return run


def test_sound_profiles_pass(found):
    files = {"seccomp/a.json": SOUND % "", "apparmor/b": "profile b {\n  file,\n}\n"}
    assert found({"seccomp": ["a"], "apparmor": [{"name": "b", "pools": ["general"]}]}, files) == []


def test_a_bad_file_is_refused_with_its_place(found):
    files = {
        "seccomp/a.json": '{\n"defaultAction": "SCMP_ACT_LOG",\n"archMap": []\n}',
        "apparmor/b": "profile b {\n  nonsense\n}\n",
    }
    seccomp, apparmor = found({"seccomp": ["a"], "apparmor": ["b"]}, files)

    assert seccomp[0] == "seccomp[0]"
    assert "profiles/seccomp/a.json:3: " in seccomp[1]
    assert apparmor[0] == "apparmor[0]"
    assert "profiles/apparmor/b:" in apparmor[1]


@pytest.mark.parametrize(
    ("pool_name", "kind", "why"),
    [
        ("win", "seccomp", "runs Windows"),
        ("win", "apparmor", "runs Windows"),
        ("guarded", "apparmor", "(AzureLinuxOSGuard) have no AppArmor"),
        ("old", "apparmor", "(AzureLinux) have no AppArmor"),
    ],
)
def test_pools_that_cannot_load_it(found, pool_name, kind, why):
    files = {"seccomp/a.json": SOUND % "", "apparmor/a": "profile a {\n  file,\n}\n"}
    ((path, words, remedy),) = found({kind: [{"name": "a", "pools": [pool_name]}]}, files)

    assert (path, remedy) == (f"{kind}[0].pools[0]", "remove it")
    assert why in words


def test_a_profile_that_is_not_for_the_processors_of_its_pools(found):
    files = {"seccomp/a.json": SOUND % ', "architectures": ["SCMP_ARCH_X86_64"]'}
    ((path, why, remedy),) = found({"seccomp": ["a"]}, files)
    assert path == "seccomp[0]"
    assert "SCMP_ARCH_AARCH64, which the pool 'arm' has" in why
    assert "add SCMP_ARCH_AARCH64" in remedy

    assert found({"seccomp": [{"name": "a", "pools": ["general"]}]}, files) == []


def test_the_loaders_need_an_image_as_soon_as_there_is_a_profile(found):
    files = {"seccomp/a.json": SOUND % ""}
    ((path, _, remedy),) = found({"seccomp": ["a"], "loaderImage": None}, files)
    assert (path, "profiles/loader/Dockerfile" in remedy) == ("loaderImage", True)
    assert found({"loaderImage": None}) == []


@pytest.mark.parametrize(
    "image", ["busybox", "a.io/b:1", f"a.io/b:1@sha256:{'1' * 63}", f"a.io/b@md5:{'1' * 64}"]
)
def test_an_image_without_a_digest_is_refused(image):
    with pytest.raises(ValueError, match="names no digest"):
        Profiles.model_validate({"loaderImage": image})


@pytest.mark.parametrize("name", ["../x", "", ".hidden", "a b", "x" * 64, "a/", "-a"])
def test_a_name_that_is_none(name):
    with pytest.raises(ValueError, match="is not a profile's name"):
        Profiles.model_validate({"seccomp": [name]})


def test_more_than_a_config_map_takes(found):
    files = {"seccomp/a.json": SOUND % f', "comment": "{"x" * 900_000}"'}
    ((path, why, _),) = found({"seccomp": ["a"]}, files)
    assert path == "seccomp"
    assert "900,000" in why


def test_samples_need_their_profiles(found):
    files = {"seccomp/a.json": SOUND % ""}
    assert [path for path, _, _ in found({"seccomp": ["a"], "samples": True}, files)] == [
        "samples",
        "samples",
    ]


def test_every_file_of_the_repository_can_be_declared_by_its_name():
    for kind, suffix in (("seccomp", ".json"), ("apparmor", "")):
        names = [file.name.removesuffix(suffix) for file in (PROFILES / kind).iterdir()]
        assert Profiles.model_validate({kind: names})
