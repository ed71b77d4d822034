"""`poolSubnets`: with several clusters each pins the ranges of its own network, as `pools[].subnet` does for the first."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from settings import StackSettings, load_file
from settings.effective import effective
from settings.subnets import plan
from tests.components.test_fixed import change, declared
from tests.lifecycle.builders import found
from tests.settings.helpers import GONE
from tests.settings.test_clusters import BLUE, FOUR_LINES, ROOT, good, read
from tests.settings.test_own_cluster import OWN, WORD

PER_POOL: dict[str, Any] = {"network.subnets": "per-pool"}


def ranges(view: StackSettings) -> dict[str, str]:
    return {subnet.pools[0]: subnet.cidr for subnet in plan(view)}


def test_a_range_that_the_first_cluster_pins_is_not_one_of_another_network() -> None:
    settings = good({"blue": BLUE}, PER_POOL | {"pools[1].subnet": "10.60.9.0/24"})
    assert ranges(settings)["spot"] == "10.60.9.0/24"
    assert ranges(settings.further["blue"])["spot"] == "10.61.2.0/24"


def test_each_cluster_pins_its_own() -> None:
    blue = BLUE | {"poolSubnets": {"spot": "10.61.9.0/24"}}
    settings = good({"blue": blue}, PER_POOL | {"pools[1].subnet": "10.60.7.0/24"})
    assert (ranges(settings)["spot"], ranges(settings.further["blue"])["spot"]) == (
        "10.60.7.0/24",
        "10.61.9.0/24",
    )


def test_a_pool_that_goes_from_the_middle_leaves_pinned_ranges_in_every_cluster() -> None:
    """As when a team takes its pool along into a cluster of its own."""
    before = good({"blue": BLUE}, PER_POOL)
    without: dict[str, Any] = PER_POOL | {"pools[1]": GONE}
    versions = {name: version for name, version in BLUE["poolVersions"].items() if name != "spot"}
    left = good({"blue": BLUE | {"poolVersions": versions}}, without)
    for view, now in ((before, left), (before.further["blue"], left.further["blue"])):
        messages = found("no-replacement", change(declared(now), declared(view)))
        was = ranges(view)["win"]
        [message] = [one for one in messages if f"subnet changes from {was} to" in one]
        assert f"write `subnet: {was}` for the pool" in message
        assert f"`poolSubnets: {{win: {was}}}` there" in message
    pins = {f"pools[{1 + at}].subnet": ranges(before)[name] for at, name in enumerate(("win", "sandbox"))}
    theirs = {name: ranges(before.further["blue"])[name] for name in ("win", "sandbox")}
    kept = good({"blue": BLUE | {"poolVersions": versions, "poolSubnets": theirs}}, without | pins)
    for view, now in ((before, kept), (before.further["blue"], kept.further["blue"])):
        assert ranges(now).items() <= ranges(view).items()


@pytest.mark.parametrize(
    ("said", "path", "why"),
    [
        ({"spot": "10.60.9.0/24"}, ".spot", "is not part of the address space 10.61.0.0/16"),
        ({"spto": "10.61.9.0/24"}, ".spto", "no pool of `pools` is called 'spto'"),
        (["10.61.9.0/24"], "", "it is a list"),
        ({"spot": "somewhere"}, ".spot", "somewhere"),
    ],
)
def test_what_is_no_range_is_told_where_it_stands(said: Any, path: str, why: str) -> None:
    _, [one] = read({"blue": BLUE | {"poolSubnets": said}}, PER_POOL)
    assert one.path == f"secure-aks:clusters.blue.poolSubnets{path}"
    assert why in one.why


def test_a_range_of_a_pool_that_a_teams_cluster_has_not() -> None:
    own = OWN | {"poolSubnets": {"general": "10.70.9.0/24"}}
    _, [one] = read({"partners": own}, WORD | PER_POOL)
    assert one.path == "secure-aks:clusters.partners.poolSubnets.general"
    assert one.why == "the cluster has no such pool"
    versions = {"poolVersions": OWN["poolVersions"] | {"general": "1.35.6"}}
    assert ranges(good({"partners": own | versions}, WORD | PER_POOL).further["partners"])["general"] == (
        "10.70.9.0/24"
    )


def test_the_effective_file_has_it_with_its_line(tmp_path: Path) -> None:
    for path in (ROOT / "Pulumi.yaml", *ROOT.glob("Pulumi.*.yaml")):
        shutil.copy(path, tmp_path)
    path = tmp_path / "Pulumi.dev.yaml"
    lines = FOUR_LINES.replace("addressSpace: 10.63.0.0/16", "addressSpace: 10.63.0.0/16, subnets: per-pool")
    path.write_text(f"{path.read_text()}{lines}      poolSubnets: {{spot: 10.63.9.0/24}}\n")
    number = len(path.read_text().splitlines())
    text = effective(path, "blue")
    assert re.search(rf"subnet: 10\.63\.9\.0/24 +# Pulumi\.dev\.yaml:{number}\n", text)
    path.write_text(text)
    assert ranges(load_file(path))["spot"] == "10.63.9.0/24"
