"""A stranger's program on the real engine: the library's wheel makes two clusters, and the pack's wheel, in its folder of two files, judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from pulumi.automation.errors import CommandError
from secure_aks_security.model import Level

from emulator.cloud.cloud import Cloud
from tests.lab_stack import LabStack
from tests.library.test_packs import SECURITY_RULES, folder_of_two_files
from tests.library.test_wheel import JUDGED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.library.conftest import Installed

WORSE = JUDGED.replace(', "zones": ["1", "2", "3"]', "")
ADVISE = {"security": {"all": "advisory"}}
DISABLED = {rule.id for rule in SECURITY_RULES if rule.level is Level.DISABLED}


@pytest.mark.soak
def test_two_clusters_come_up_where_all_of_a_pack_advises(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")
    runtime = {"name": "python", "options": {"virtualenv": str(installed.python.parents[1])}}
    pack = folder_of_two_files("security", installed, tmp_path)
    said = yaml.safe_load((pack / "PulumiPolicy.yaml").read_text())
    (pack / "PulumiPolicy.yaml").write_text(yaml.safe_dump(said | {"runtime": runtime}))

    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "shop", "runtime": runtime}))
    (shop / "__main__.py").write_text(WORSE)
    stack = LabStack("dev", shop, [pack])

    def told(policies: dict[str, Any]) -> list[tuple[str, str]]:
        """What the pack says of each resource at a preview: the rule, and how it is enforced."""
        config = {"azure-native:location": "westeurope", "secure-aks:policies": policies}
        (shop / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
        events: list[Any] = []
        try:
            stack.preview(on_event=events.append)
        except CommandError:
            assert not policies
        found = [event.policy_event for event in events if event.policy_event]
        return sorted((one.policy_name.removesuffix("-on-stack"), one.enforcement_level) for one in found)

    assert WORSE != JUDGED
    strict, advised = told({}), told(ADVISE)
    assert "mandatory" in {level for _, level in strict}
    assert {level for _, level in advised} == {"advisory"}
    assert {rule for rule, _ in strict} <= {rule for rule, _ in advised}
    assert DISABLED.isdisjoint(rule for rule, _ in advised)

    stack.up()
    state = Cloud(stack.lab_folder / "cloud.json").view()
    clusters = state.of_type("Microsoft.ContainerService/managedClusters")
    assert {one.name for one in clusters} == {"aks-blue", "aks-green"}
    assert set(stack.preview().change_summary) == {"same"}
