"""The golden logs: what the planner does with each scenario, word for word."""

import pytest

from tests.upgrades.scenarios import GOLDEN, SCENARIOS, log


def test_there_is_a_log_for_each_scenario_and_no_other():
    assert {path.stem for path in GOLDEN.glob("*")} == set(SCENARIOS)
    assert len(SCENARIOS) >= 40


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_planner_does_what_the_log_says(name):
    written = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert log(SCENARIOS[name]) == written, (
        "write it anew and read the difference: python -m tests.upgrades.scenarios"
    )
