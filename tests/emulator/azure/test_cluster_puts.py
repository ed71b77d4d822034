"""What a PUT of a cluster may say of versions, and the deprecated-API gate."""

from __future__ import annotations

import pytest

from tests.emulator.azure_provider import Azure, refused, system_profile, system_version

NOT_ALL = "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged"

# A PUT of a cluster carries the versions of all its pools, or of none.


def test_an_inline_version_breaks_the_next_bump_as_soon_as_there_is_a_pool_of_its_own(azure: Azure) -> None:
    made = azure.cluster("1.35.5", agentPoolProfiles=[system_profile(orchestratorVersion="1.35.5")])
    azure.pool("general")
    with refused(NOT_ALL):
        azure.update(made, kubernetesVersion="1.35.6")


def test_an_inline_version_that_was_overtaken(azure: Azure) -> None:
    made = azure.cluster("1.35.6", agentPoolProfiles=[system_profile(orchestratorVersion="1.35.5")])
    azure.create("resources:Deployment", "d", **system_version("1.35.6"))
    with refused(NOT_ALL):
        azure.update(made, tags={"a": "b"}, agentPoolProfiles=[system_profile(orchestratorVersion="1.35.4")])
    azure.update(made, tags={"a": "b"}, agentPoolProfiles=[system_profile(orchestratorVersion="1.35.6")])


def test_all_versions_at_the_new_one_move_control_plane_and_pools_together(azure: Azure) -> None:
    made = azure.cluster("1.35.5")
    azure.update(
        made, kubernetesVersion="1.35.6", agentPoolProfiles=[system_profile(orchestratorVersion="1.35.6")]
    )
    assert azure.running() == {"": "1.35.6", "system": "1.35.6"}


@pytest.mark.parametrize("channel", ["rapid", "stable", "patch"])
def test_a_channel_that_moves_versions_refuses_the_control_plane_alone(azure: Azure, channel: str) -> None:
    made = azure.cluster("1.35.5", autoUpgradeProfile={"upgradeChannel": channel})
    with refused(NOT_ALL):
        azure.update(made, kubernetesVersion="1.35.6")
    azure.update(made, tags={"a": "b"})


def test_a_channel_lets_control_plane_and_pools_move_together(azure: Azure) -> None:
    made = azure.cluster("1.35.5", autoUpgradeProfile={"upgradeChannel": "patch"})
    pools = [system_profile(orchestratorVersion="1.35.6")]
    azure.update(made, kubernetesVersion="1.35.6", agentPoolProfiles=pools)
    assert azure.running() == {"": "1.35.6", "system": "1.35.6"}


@pytest.mark.parametrize("channel", ["none", "node-image"])
def test_a_channel_that_moves_no_version_does_not(azure: Azure, channel: str) -> None:
    made = azure.cluster("1.35.5", autoUpgradeProfile={"upgradeChannel": channel})
    azure.update(made, kubernetesVersion="1.35.6")


# The deprecated-API gate.


def test_a_removed_api_in_use_blocks_the_minor(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    made = azure.cluster("1.34.8")
    azure.cloud.use_api(made.id, "flowcontrol.apiserver.k8s.io.flowschemas.v1beta3", "1.35")
    with refused("ValidationError", "flowschemas.v1beta3"):
        azure.update(made, kubernetesVersion="1.35.6")
    azure.update(made, kubernetesVersion="1.34.9")
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23T13:00:00")
    azure.update(made, kubernetesVersion="1.35.6")


def test_an_api_that_goes_later_does_not_block(azure: Azure) -> None:
    made = azure.cluster("1.34.9")
    azure.cloud.use_api(made.id, "a.v1beta1", "1.36")
    azure.update(made, kubernetesVersion="1.35.6")


@pytest.mark.parametrize(
    ("override", "passes"),
    [
        ({"forceUpgrade": True, "until": "2026-11-24T00:00:00Z"}, True),
        ({"forceUpgrade": True, "until": "2026-11-22T00:00:00Z"}, False),
        ({"forceUpgrade": True}, False),
        ({"forceUpgrade": False, "until": "2026-11-24T00:00:00Z"}, False),
    ],
)
def test_only_an_override_with_an_end_passes_the_gate(
    azure: Azure,
    override: dict[str, object],
    passes: bool,  # noqa: FBT001 - the expectation of a case
) -> None:
    made = azure.cluster("1.34.9")
    azure.cloud.use_api(made.id, "a.v1beta1", "1.35")
    changes = {"kubernetesVersion": "1.35.6", "upgradeSettings": {"overrideSettings": override}}
    if passes:
        azure.update(made, **changes)
    else:
        with refused("ValidationError"):
            azure.update(made, **changes)


def test_the_gate_can_be_switched_off(azure: Azure) -> None:
    made = azure.cluster("1.34.9")
    azure.cloud.use_api(made.id, "a.v1beta1", "1.35")
    azure.cloud.configure(deprecated_api_gate=False)
    azure.update(made, kubernetesVersion="1.35.6")
