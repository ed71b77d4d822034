"""A team with a cluster of its own, and values where names belong: each is told where it stands, none ends the reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.settings.test_clusters import BLUE, read
from tests.settings.test_own_cluster import OWN, WORD

PLACES = [
    *(f"teams[{at}].{key}" for at in (0, 1) for key in ("name", "namespace", "groups", "isolation", "movingFrom")),
    *(f"teams[1].groups[0].{key}" for key in ("name", "objectId")),
    *(f"pools[{at}].{key}" for at in (0, 3) for key in ("name", "namespace", "subnet")),
    "teams",
    "teams[1]",
    "pools",
    "pools[3]",
    "network.addressSpace",
]  # fmt: skip
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
)
CLUSTERS: list[Any] = [None, {"partners": OWN}, {"partners": OWN, "blue": BLUE}]


@given(st.sampled_from(PLACES), ODD, st.sampled_from(CLUSTERS))
def test_whatever_stands_there_is_read_or_told(place: str, value: Any, clusters: Any) -> None:
    settings, findings = read(clusters, WORD | {place: value})
    assert (settings is None) == bool(findings)


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        ("teams[1].name", ["partners"], "this is text, and it is a list"),
        ("teams[0].namespace", {"a": 1}, "this is text, and it is a mapping"),
        ("pools[3].namespace", ["partners"], "this is text, and it is a list"),
        ("teams[1].groups[0].name", ["operators"], "this is text, and it is a list"),
        ("teams[1].movingFrom", "", "'' is no degree"),
        ("teams[1].movingFrom", "sandboxes", "'sandboxes' is no degree"),
        ("teams[1].movingFrom", [], "it is a list"),
        ("pools[3].subnet", "here", "'here' is not an IPv4 network (Expected 4 octets in 'here')"),
    ],
)
def test_it_is_told_once_where_it_stands(place: str, value: Any, why: str) -> None:
    _, found = read({"partners": OWN}, WORD | {place: value})
    assert [(one.path, one.why) for one in found] == [(f"secure-aks:{place}", why)]


def test_a_pool_that_no_cluster_has_is_read_all_the_same() -> None:
    """The team's pool, whose version its cluster does not say."""
    own = OWN | {"poolVersions": {"general": "1.35.6"}}
    _, found = read({"partners": own}, WORD | {"pools[3].vmSize": 4})
    assert [one.path for one in found] == ["secure-aks:pools[3]", "secure-aks:pools[3].vmSize"]
