"""An `up` by somebody who lacks one of the documented roles fails, and the page says of what it printed which role that is.

That the roles are enough is shown by the stacks' own lives (tests/shipped_up.py): every `up` there is signed in with no other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from emulator.azure import ids
from tests.documented_login import SUBSCRIPTION
from tests.first_cluster import ENTRA, ON_ALL, Right, advice, permissions, rights
from tests.lab_stack import LabStack
from tests.project_copy import PACKS, ROOT, copy_of
from tests.shipped_up import UP_DAYS, failed

if TYPE_CHECKING:
    from pathlib import Path

ASKED = [right for right in rights() if right.where.startswith(ON_ALL)]
"""What a stack takes that has nothing of the company's own."""
PROMOTION = re.compile(r"(?m)^  secure-aks:promotion:\n(?:    .*\n)+")
"""Left out, since a stack whose predecessor is not up is no subject here."""
OF_THE_ENGINE = ("update failed", "context canceled", "Resource monitor has terminated, shutting down")
"""How an error ends that says no more than that there was another."""


def reasons(printed: str) -> list[str]:
    """The errors at the end of what an `up` printed, without those that only follow from another."""
    found = re.findall(r"(?m)^    error: (.*(?:\n    (?! *(?:error|warning):).*)*)", printed)
    return [one for one in found if not one.rstrip().endswith(OF_THE_ENGINE)]


def up_without(folder: Path, name: str, taken: Right, packs: list[Path]) -> str:
    """Bring a shipped stack up with the documented roles but one; return what was printed when that failed."""
    stack = LabStack(name, copy_of(ROOT, folder), packs)
    left = [right for right in ASKED if right != taken]
    roles = [right.role for right in left if right.where != ENTRA]
    groups = permissions() if taken.where != ENTRA else ()
    who = stack.sign_in("documented", {SUBSCRIPTION: roles}, groups)
    file = folder / f"Pulumi.{name}.yaml"
    text = PROMOTION.sub("", file.read_text("utf-8"))
    locked = text.replace(
        "secure-aks:cluster:\n", "secure-aks:cluster:\n    lock: true\n", 1
    )  # which takes a role
    file.write_text(locked.replace(ids.PRINCIPAL, who), "utf-8")
    return failed(stack, "up")


def names_it(printed: str, taken: Right) -> None:
    """See that each error leads, by the page, to the role that is missing."""
    found = reasons(printed)
    assert found, printed
    assert "Traceback" not in printed
    for one in found:
        assert taken.role.partition(";")[0] in advice(one)


@pytest.mark.parametrize("taken", ASKED[:1], ids=lambda right: right.role)
def test_dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: Right) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", UP_DAYS["dev"])
    names_it(up_without(tmp_path / "project", "dev", taken, []), taken)


@pytest.mark.soak
@pytest.mark.parametrize("name", UP_DAYS)
@pytest.mark.parametrize("taken", ASKED, ids=lambda right: right.role)
def test_each_shipped_stack_as_it_is_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, taken: Right
) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", UP_DAYS[name])
    names_it(up_without(tmp_path / "project", name, taken, PACKS), taken)
