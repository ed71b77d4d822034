"""Patterns of people: what passes, Go's own kind of engine (RE2) takes and reads alike, and none runs away."""

import re
from fnmatch import fnmatchcase

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from settings.fields.patterns import complaint, finds, fits

ENVIRONMENT = cel.NewEnv(variables={"text": cel.Type.STRING, "pattern": cel.Type.STRING})
MATCHES = ENVIRONMENT.compile("text.matches(pattern)")
ATOMS = [
    "a", "B", "[ab]", "[^a]", "[a-z]", "^", "$", ".", "\\d", "\\.", "\\w", "\\b", "\\1", "\\Z", "\\A", "\\u0041", "[",
    "[]", "[^]", "\\\\", "-", "é", "(", "|", "(?P=n)",
]  # fmt: skip
GROUPS = ["(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?P<n>", "(?i:", "(?x:", "(?>", "(?#", "(?i)("]
REPEATS = ["*", "+", "?", "*?", "*+", "{2}", "{1,}", "{,2}", "{1001}", "{1,2}+"]
PATTERNS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("{}{})".format, st.sampled_from(GROUPS), inner),
        st.builds("{}{}".format, inner, st.sampled_from(REPEATS)),
    ),
    max_leaves=4,
)  # fmt: skip
EVIL = "(([A-Za-z]+)+)+!$"


def go_says(pattern, text):
    """What another RE2, of which Go's engine is a port, says; no bool when it does not take the pattern."""
    try:
        return MATCHES.eval(data={"text": text, "pattern": pattern}).value()
    except Exception:  # noqa: BLE001  # the library raises what it likes
        return None


@settings(deadline=None, max_examples=300)
@given(PATTERNS, st.text("aB.1-", max_size=4))
def test_what_passes_go_takes_and_reads_alike(pattern, text):
    if complaint(pattern) is None:
        assert go_says(pattern, text) is finds(pattern, text), pattern
    else:
        assert not isinstance(go_says(pattern, text), bool), pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^Watchdog$",
        "Etcd.*Slow|^Node(Not)?Ready$",
        r"^(a|b){1,3}\d+\.x$",
        "(?i)cpu",
        "[[:alpha:]]",
        "(?P<n>a)é",
        EVIL,
    ],
)
def test_what_people_write_passes(pattern):
    assert complaint(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "a**",
        "^(?!Etcd)",
        r"(a)\1",
        "a*+",
        "(?>a)",
        "(?x)a b",
        "a{1001}",
        r"a\C",
        "a" * 1001,
        "(?P<é>a)",
        "(?<né>a)",
        "(?<é" * 250,
        "a\ud800",
        "\udcff",
        "a{1000}{1000}",
        "((a{100}){100}){100}",
        r"(?i)[\pL\pN]{900}",
        "a" * 100_000,
    ],
)
def test_what_go_lacks_is_refused(pattern):
    assert complaint(pattern)


def test_a_pattern_that_python_would_never_finish_ends():
    assert not finds(EVIL, "KuredRebootOverdue" * 50)
    assert not fits("*a" * 200 + "b", "a" * 5000)


@settings(deadline=None)
@given(st.text("ab-*?", max_size=8), st.text("ab-", max_size=8))
def test_wildcards_name_what_a_shells_would(pattern, text):
    assert fits(pattern, text) is fnmatchcase(text, pattern)


@pytest.mark.parametrize("pattern", ["a.c", "[ab]", "a+", "a|b", "(a)", "^a$", "\\d"])
def test_wildcards_are_two_and_all_else_is_itself(pattern):
    assert fits(pattern, pattern)
    assert [text for text in ("abc", "a", "b", "aa", "7") if fits(pattern, text)] == []
    assert re.fullmatch(pattern, "abc") or re.match(pattern, "a") or re.match(pattern, "7")


@pytest.mark.parametrize("pattern", ["*", "a*", "a\ud800*", "?"])
@pytest.mark.parametrize("text", ["a\ud800", "\udcff"])
def test_half_a_character_is_named_by_nothing(pattern, text):
    assert not fits(pattern, text)
    assert not finds("a", text)


def test_a_pattern_past_what_re2_compiles_names_nothing():
    """A stack with an exemption of this length ended in a traceback of RE2's."""
    assert not fits("?a" * 100_000, "xa" * 100_000)
