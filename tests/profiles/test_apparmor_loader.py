"""The AppArmor loader against a tree like the kernel's, with a parser that does to it what the real one does.

The real parser compiles the real profiles in test_apparmor_profiles.py; where the kernel has AppArmor, that file has
them enforced too.
"""

import pytest

from tests.profiles.loaders import script, status

SHELLS = {"sh": ("sh",), "busybox": ("busybox", "sh")}

# Loads as the kernel does: the profile's name and mode into one list, its hash into a folder of its own.
PARSER = """#!/bin/sh
for file; do :; done
echo "$*" >>"$KERNEL/calls"
grep -q nonsense "$file" && { echo "AppArmor parser error for $file at line 2: syntax error" >&2; exit 1; }
name=$(sed -n 's/^profile \\([^ ]*\\).*/\\1/p' "$file")
mode=enforce; grep -q complain "$file" && mode=complain
[ -e "$KERNEL/kill" ] && { rm "$KERNEL/kill"; dying=$PPID; }
grep -v "^$name (" "$KERNEL/profiles" >"$KERNEL/next"
echo "$name ($mode)" >>"$KERNEL/next"
cat "$KERNEL/next" >"$KERNEL/profiles"
mkdir -p "$KERNEL/policy/profiles/$name.3"
sha256sum <"$file" >"$KERNEL/policy/profiles/$name.3/sha256"
[ -z "${dying:-}" ] || kill -9 "$dying"
"""


@pytest.fixture
def declared(tmp_path):
    folder = tmp_path / "profiles"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / name).write_text(f"profile {name} {{\n  file,\n}}\n")
    return folder


@pytest.fixture
def kernel(tmp_path):
    folder = tmp_path / "apparmor"
    folder.mkdir()
    (folder / "profiles").write_text("cri-containerd.apparmor.d (enforce)\n")
    (folder / ".replace").write_text("")
    return folder


@pytest.fixture(params=SHELLS.values(), ids=list(SHELLS))
def load(request, tmp_path, declared, kernel):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "apparmor_parser").write_text(PARSER)
    (tmp_path / "bin" / "apparmor_parser").chmod(0o755)
    records = tmp_path / "records"
    records.mkdir()

    def run(verb="once", **changes):
        folders = {"PROFILES": declared, "KERNEL": kernel, "RECORDS": records, "STATUS": status(tmp_path)}
        folders |= changes
        return script("apparmor.sh", verb, request.param, str(tmp_path / "bin"), **folders)

    return run


def calls(kernel):
    return (kernel / "calls").read_text().splitlines() if (kernel / "calls").exists() else []


def test_first_start_loads_every_profile_from_its_text(load, kernel, tmp_path):
    assert load("check").returncode == 1
    done = load()

    assert done.returncode == 0, done.stdout
    assert "loaded one" in done.stdout
    assert [call.split()[:2] for call in calls(kernel)] == [["--replace", "--skip-cache"]] * 2
    assert load("check").returncode == 0
    assert [line.split()[0] for line in (status(tmp_path) / "loaded").read_text().splitlines()] == [
        "one",
        "two",
    ]


def test_nothing_is_loaded_again_when_all_is_well(load, kernel):
    load()
    done = load()

    assert (done.returncode, done.stdout) == (0, "")
    assert len(calls(kernel)) == 2


def test_a_changed_profile_is_loaded_again(load, declared, kernel):
    load()
    (declared / "one").write_text("profile one {\n  deny /** w,\n}\n")
    assert load("check").returncode == 1
    load()

    assert len(calls(kernel)) == 3
    assert load("check").returncode == 0


def _unloaded(kernel):
    lines = (kernel / "profiles").read_text().splitlines()
    (kernel / "profiles").write_text("".join(f"{line}\n" for line in lines if not line.startswith("one ")))


def _complaining(kernel):
    text = (kernel / "profiles").read_text()
    (kernel / "profiles").write_text(text.replace("one (enforce)", "one (complain)"))


def _replaced(kernel):
    (kernel / "policy" / "profiles" / "one.3" / "sha256").write_text("0" * 64)


@pytest.mark.parametrize("damage", [_unloaded, _complaining, _replaced])
def test_what_somebody_did_in_the_kernel_is_repaired(load, kernel, damage):
    load()
    damage(kernel)
    assert load("check").returncode == 1
    done = load()

    assert done.returncode == 0
    assert "one" in done.stdout
    assert "two" not in done.stdout
    assert load("check").returncode == 0


def test_a_restarted_node_gets_its_profiles_back(load, kernel, tmp_path):
    load()
    (kernel / "profiles").write_text("")
    for record in (tmp_path / "records").iterdir():
        record.unlink()

    assert load().returncode == 0
    assert load("check").returncode == 0


def test_a_profile_that_is_no_longer_declared_is_taken_out_of_the_kernel_and_nobody_elses(
    load, declared, kernel
):
    load()
    (declared / "two").unlink()
    done = load()

    assert "removed two" in done.stdout
    assert (kernel / ".remove").read_text() == "two"


def test_a_profile_the_parser_refuses_is_an_error_in_its_words_and_the_rest_is_loaded(
    load, declared, tmp_path
):
    (declared / "one").write_text("profile one {\n  nonsense\n}\n")
    done = load()

    assert done.returncode == 1
    assert "error: one is not loaded: AppArmor parser error" in done.stdout
    assert "at line 2" in done.stdout
    assert load("check").returncode == 1
    assert (status(tmp_path) / "loaded").read_text().startswith("two ")


@pytest.mark.parametrize("text", ["profile other {\n}\n", "profile one flags=(complain) {\n}\n"])
def test_a_profile_that_is_not_enforced_under_its_name_is_an_error(load, declared, text):
    (declared / "one").write_text(text)
    done = load()

    assert done.returncode == 1
    assert "enforces no profile of that name" in done.stdout


def test_a_kernel_without_apparmor_is_a_clear_error_and_not_ready(load, kernel):
    (kernel / ".replace").unlink()
    done = load()

    assert done.returncode == 1
    assert "this node's kernel has no AppArmor" in done.stdout
    assert load("check").returncode == 1


def test_killed_right_after_the_kernel_took_a_profile_it_still_knows_it_as_its_own(load, declared, kernel):
    (kernel / "kill").write_text("")
    assert load().returncode != 0
    assert "one (enforce)" in (kernel / "profiles").read_text()
    assert load("check").returncode == 1
    (declared / "one").unlink()  # the next deployment declares it no longer
    done = load()

    assert done.returncode == 0
    assert "removed one" in done.stdout
    assert (kernel / ".remove").read_text() == "one"
    assert load("check").returncode == 0


def test_a_full_or_read_only_run_folder_is_a_clear_error_and_nothing_is_loaded_unrecorded(
    load, kernel, tmp_path
):
    away = tmp_path / "away"  # nothing can be written there: it does not exist
    done = load(RECORDS=away)

    assert done.returncode == 1
    assert "error: cannot write" in done.stdout
    assert "full or read-only?" in done.stdout
    assert calls(kernel) == []
    assert load("check", RECORDS=away).returncode == 1
