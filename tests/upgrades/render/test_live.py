"""The bar of a rollout: it leaves what others print alone, which rich would draw through itself, megabytes of it."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from upgrades.render.live import Live


@pytest.mark.parametrize("is_terminal", [True, False])
def test_what_others_print_does_not_go_through_the_bar(*, is_terminal: bool) -> None:
    own = sys.stdout, sys.stderr
    with Live(Console(file=io.StringIO(), force_terminal=is_terminal)):
        assert (sys.stdout, sys.stderr) == own
