"""Patterns for kured: what passes, Go's own kind of engine (RE2) takes and reads alike."""

import re

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from settings.fields.go_patterns import complaint

ENVIRONMENT = cel.NewEnv(variables={"text": cel.Type.STRING, "pattern": cel.Type.STRING})
MATCHES = ENVIRONMENT.compile("text.matches(pattern)")
ATOMS = [
    "a",
    "B",
    "[ab]",
    "[^a]",
    "[a-z]",
    "^",
    "$",
    ".",
    "\\d",
    "\\.",
    "\\w",
    "\\b",
    "\\1",
    "\\Z",
    "\\A",
    "\\u0041",
    "[",
    "[]",
    "[^]",
    "\\\\",
    "-",
    "é",
    "(",
    "|",
    "(?P=n)",
]
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


def go_says(pattern, text):
    """What RE2 says, of which Go's engine is a port; None when it does not take the pattern."""
    try:
        return MATCHES.eval(data={"text": text, "pattern": pattern}).value()
    except Exception:  # noqa: BLE001  # the library raises what it likes
        return None


@settings(deadline=None, max_examples=300)
@given(PATTERNS, st.text("aB.1-", max_size=4))
def test_what_passes_go_takes_and_reads_alike(pattern, text):
    if complaint(pattern) is None:
        said = go_says(pattern, text)
        assert isinstance(said, bool), (pattern, said)
        if "$" not in pattern and text.isascii():
            assert said is bool(re.search(pattern, text)), pattern


@pytest.mark.parametrize(
    "pattern",
    ["", "^Watchdog$", "Etcd.*Slow|^Node(Not)?Ready$", r"^(a|b){1,3}\d+\.x$", "(?i)cpu"],
)
def test_what_people_write_passes(pattern):
    assert complaint(pattern) is None


@pytest.mark.parametrize(
    "pattern", ["(", "a**", "^(?!Etcd)", r"(a)\1", "a*+", "(?>a)", "[[:alpha:]]", "(?x)a b", "a{1001}"]
)
def test_what_go_lacks_is_refused(pattern):
    assert complaint(pattern)
