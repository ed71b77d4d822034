"""What is wrong with a profile's file: found when the stack is read, with its line."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from settings.profile_files import apparmor, faults
from settings.profile_files.json_lines import loads
from settings.profile_files.syscalls import FILE, SYSCALLS
from tests.profiles.helpers import PROFILES

RULE = '{"names": ["read", "execve"], "action": "SCMP_ACT_ALLOW"}'


def profile(rule=RULE, **changes):
    """A sound profile as text, a key a line, with some of it changed; None takes a key away."""
    parts: dict[str, str | None] = {
        "defaultAction": '"SCMP_ACT_ERRNO"',
        "architectures": '["SCMP_ARCH_X86_64"]',
        "syscalls": f"[\n{rule}\n]",
    }
    parts |= changes
    members = ",\n".join(f'"{key}": {value}' for key, value in parts.items() if value is not None)
    return f"{{\n{members}\n}}\n"


def rule(**changes):
    parts = {"names": '["execve"]', "action": '"SCMP_ACT_ALLOW"'} | changes
    members = ", ".join(f'"{key}": {value}' for key, value in parts.items() if value is not None)
    return profile(f"{{{members}}}")


ARGUMENT = '"args": [{{"index": {}, "value": {}, "op": "{}"}}]'
SECCOMP = {
    "not JSON": ('{\n"defaultAction": "SCMP_ACT_LOG",\n}', 3, "not JSON", "mend"),
    "a list": ("[]", 1, "JSON object", "{"),
    "no default action": (profile(defaultAction=None), 1, "`defaultAction` is missing", "add"),
    "unknown default action": (profile(defaultAction='"SCMP_ACT_DENY"'), 2, "'SCMP_ACT_DENY' is not an action", "SCMP_ACT_"),
    "action without a listener": (profile(defaultAction='"SCMP_ACT_NOTIFY"'), 2, "is not an action", "SCMP_ACT_"),
    "unknown action": (rule(action='"ALLOW"'), 5, "'ALLOW' is not an action", "SCMP_ACT_"),
    "no action": (rule(action=None), 5, "no `action`", "add"),
    "unknown call": (rule(names='["execve", "chmodat"]'), 5, "no system call 'chmodat'", "fchmodat"),
    "a number for a call": (rule(names='["execve", 90]'), 5, "no system call 90", "write"),
    "no names": (rule(names="[]"), 5, "names no system call", "names"),
    "wrong architecture": (profile(architectures='["SCMP_ARCH_AMD64"]'), 3, "'SCMP_ARCH_AMD64' is not an architecture", "SCMP_ARCH_"),
    "architecture as text": (profile(architectures='"SCMP_ARCH_X86_64"'), 3, "is a list", "["),
    "unknown flag": (profile(flags='["TSYNC"]'), 7, "is not a flag", "SECCOMP_FILTER_FLAG_"),
    "Docker's architectures": (profile(archMap="[]"), 7, "no key `archMap`", "architectures"),
    "misspelled key": (profile(defaultErrno="1"), 7, "no key `defaultErrno`", "did you mean `defaultErrnoRet`"),
    "a key twice": ('{\n"defaultAction": "SCMP_ACT_ERRNO",\n"defaultAction": "SCMP_ACT_LOG"\n}', 3, "stands twice", "keep one"),
    "rules as a mapping": (profile(syscalls="{}"), 4, "`syscalls` is a list", "["),
    "a rule as text": (profile('"read"'), 5, "a rule is a JSON object", "{"),
    "error number too high": (profile(defaultErrnoRet="5000"), 7, "5000 is not a whole number", "write"),
    "error number as text": (rule(action='"SCMP_ACT_ERRNO"', errnoRet='"EPERM"'), 5, "'EPERM' is not a whole number", "write"),
    "error number of what passes": (rule(errnoRet="1"), 5, "`errnoRet` is for SCMP_ACT_ERRNO", "remove"),
    "arguments as a mapping": (rule(args="{}"), 5, "`args` is a list", "["),
    "argument out of reach": (rule(args='[{"index": 6, "value": 0, "op": "SCMP_CMP_EQ"}]'), 5, "from 0 to 5", "write"),
    "argument without a value": (rule(args='[{"index": 0, "op": "SCMP_CMP_EQ"}]'), 5, "no `value`", "add"),
    "argument without an operator": (rule(args='[{"index": 0, "value": 0}]'), 5, "no `op`", "SCMP_CMP_EQ"),
    "unknown operator": (rule(args='[{"index": 0, "value": 0, "op": "=="}]'), 5, "'==' is not an operator", "SCMP_CMP_"),
    "no container could start": (profile('{"names": ["read"], "action": "SCMP_ACT_ALLOW"}'), 2, "no container could start", "execve"),
    "two decisions": (profile(f'{RULE},\n{{"names": ["read"], "action": "SCMP_ACT_ERRNO"}}'), 6, "SCMP_ACT_ALLOW in line 5", "decide"),
}  # fmt: skip


@pytest.mark.parametrize("case", SECCOMP)
def test_a_bad_seccomp_profile_is_refused_with_its_line(case, tmp_path):
    text, line, why, remedy = SECCOMP[case]
    file = tmp_path / "bad.json"
    file.write_text(text)
    found = faults("seccomp", file, "bad")

    assert [fault.line for fault in found] == [line], found
    assert why in found[0].why
    assert remedy in found[0].remedy


def test_the_articles_old_profile_is_refused_at_every_line_that_does_nothing(tmp_path):
    """`name` instead of `names` is what the article shows for Kubernetes before 1.19; nodes skip it in silence."""
    rules = ",\n".join(f'{{"name": "{name}", "action": "SCMP_ACT_ERRNO"}}' for name in ("chmod", "fchmodat"))
    file = tmp_path / "old.json"
    file.write_text(profile(rules, defaultAction='"SCMP_ACT_ALLOW"'))
    found = faults("seccomp", file, "old")

    assert {fault.line for fault in found} == {5, 6}
    assert any('write `"names": [...]`' in fault.remedy for fault in found)


def test_sound_profiles_pass(tmp_path):
    file = tmp_path / "good.json"
    for text in (
        profile(),
        profile(comment='"why"', flags='["SECCOMP_FILTER_FLAG_LOG"]', defaultErrnoRet="38"),
        profile(syscalls=None, defaultAction='"SCMP_ACT_LOG"', architectures=None),
        rule(args='[{"index": 0, "value": 1, "valueTwo": 2, "op": "SCMP_CMP_MASKED_EQ"}]'),
    ):
        file.write_text(text)
        assert faults("seccomp", file, "good") == []


# Slow only where the machine is: no time is asserted.
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=12,
)


@unhurried
@given(json_values, st.sampled_from([None, 1, "\t"]))
def test_json_with_lines_reads_what_the_standard_reader_reads(value, indent):
    text = json.dumps(value, indent=indent)
    assert loads(text).plain() == value


@unhurried
@given(
    st.dictionaries(
        st.sampled_from(["defaultAction", "syscalls", "architectures", "flags", "x"]), json_values
    )
)
def test_no_json_makes_the_check_itself_fail(tmp_path_factory, value):
    file = tmp_path_factory.mktemp("any") / "any.json"
    file.write_text(json.dumps(value))
    for fault in faults("seccomp", file, "any"):
        assert fault.line >= 1
        assert fault.why
        assert fault.remedy


def test_the_names_of_system_calls_say_where_they_are_from():
    data = json.loads(FILE.read_text())
    assert data["source"]
    assert data["date"]
    assert data["names"] == sorted(set(data["names"]))
    assert {"chmod", "fchmod", "fchmodat", "fchmodat2", "openat", "io_uring_setup"} <= SYSCALLS
    assert "chmodat" not in SYSCALLS


def test_what_is_not_text_is_refused(tmp_path):
    file = tmp_path / "binary"
    file.write_bytes(b"profile x {\n\xff\n}")
    assert [(fault.line, fault.why) for fault in faults("apparmor", file, "x")] == [
        (2, "it is not UTF-8 text")
    ]


APPARMOR = {
    "a word that is no rule": ("profile mine {\n  file,\n  nonsense here\n}\n", 3, "syntax error"),
    "never closed": ("profile mine {\n  file,\n", 3, "syntax error"),
    "a missing include": ("#include <tunables/none>\nprofile mine {\n}\n", 1, "Could not open"),
    "another name": ("profile others {\n  file,\n}\n", 1, "called 'others'"),
    "two profiles": ("profile mine {\n}\nprofile others {\n}\n", 3, "called 'others'"),
    "switched off": ("\nprofile mine flags=(complain) {\n  file,\n}\n", 2, "stops nothing"),
}


@pytest.mark.parametrize("case", APPARMOR)
def test_a_bad_apparmor_profile_is_refused_with_its_line(case, tmp_path):
    text, line, why = APPARMOR[case]
    file = tmp_path / "mine"
    file.write_text(text)
    (fault,) = faults("apparmor", file, "mine")

    assert fault.line == line
    assert why in fault.why
    assert fault.remedy


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("profile mine {\n  file,\n", 1, "never closed"),
        ("profile mine {\n  deny /{a,b} w,\n}\n}\n", 4, "closes nothing"),
        ("# profile mine {\nfile,\n", 1, "no profile in it"),
        ("profile others {\n}\n", 1, "called 'others'"),
    ],
)
def test_without_a_parser_the_shape_is_checked(monkeypatch, text, line, why):
    monkeypatch.setattr(apparmor, "parser_path", lambda: None)
    (fault,) = apparmor.apparmor_faults.__wrapped__(text, "mine")
    assert (fault.line, why in fault.why) == (line, True)


def test_without_a_parser_the_repositorys_profiles_pass(monkeypatch):
    monkeypatch.setattr(apparmor, "parser_path", lambda: None)
    for file in (PROFILES / "apparmor").iterdir():
        assert apparmor.apparmor_faults.__wrapped__(file.read_text(), file.name) == []


def test_every_profile_of_the_repository_is_sound():
    files = sorted((PROFILES / "seccomp").glob("*.json"))
    assert {"hardened.json", "prevent-chmod.json"} <= {file.name for file in files}
    for file in files:
        assert faults("seccomp", file, file.stem) == []


def names(profile, action, errno=None):
    data = json.loads((PROFILES / "seccomp" / profile).read_text())
    return {
        name
        for item in data["syscalls"]
        if item["action"] == action and not item.get("args") and item.get("errnoRet") == errno
        for name in item["names"]
    }


def test_prevent_chmod_is_the_hardened_profile_less_every_way_to_change_permissions():
    hardened, prevent = (
        names("hardened.json", "SCMP_ACT_ALLOW"),
        names("prevent-chmod.json", "SCMP_ACT_ALLOW"),
    )
    chmods = {"chmod", "fchmod", "fchmodat", "fchmodat2"}
    acls = {"setxattr", "lsetxattr", "fsetxattr", "setxattrat"}

    assert hardened - prevent == chmods | acls
    assert prevent < hardened
    assert names("prevent-chmod.json", "SCMP_ACT_ERRNO", 1) == chmods


def test_json_that_is_nested_without_end_is_refused_without_a_traceback(tmp_path):
    file = tmp_path / "deep.json"
    file.write_text('{"syscalls": ' + "[" * 100_000 + "]" * 100_000 + "}")

    (fault,) = faults("seccomp", file, "deep")
    assert "nested" in fault.why
