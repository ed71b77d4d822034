"""Each rule on one resource: a happy builder and one change a test."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from secure_aks_lifecycle.judging.plain import UNKNOWN
from secure_aks_lifecycle.judging.resource import Resource
from secure_aks_lifecycle.rules import RULES

from tests.lifecycle.builders import (
    BY_ID,
    CURRENT,
    NOW,
    agent_pool,
    aks_cluster,
    found,
    judge,
    kubernetes,
    pool_deployment,
    recorded,
)
from tests.lifecycle.builders import change as versions

LTS_CLUSTER = {"sku": {"tier": "Premium"}, "supportPlan": "AKSLongTermSupport"}
SAME = recorded(CURRENT, system=CURRENT)
HAPPY = [
    aks_cluster(),
    agent_pool(),
    agent_pool("win", osType="Windows", osSKU="Windows2025"),
    agent_pool("sandbox", osSKU="AzureLinux"),
    pool_deployment(),
    kubernetes("apps/v1", "Deployment"),
    kubernetes("v1", "Pod"),
    kubernetes("example.com/v1beta1", "Deployment"),
    versions(SAME, SAME),
    versions(SAME),
]


@pytest.mark.parametrize("resource", HAPPY, ids=lambda r: r.name)
def test_what_is_fine_passes_every_rule(resource: Resource) -> None:
    config = {"secure-aks:cluster": {"kubernetesVersion": CURRENT}}
    assert {
        rule.id: said
        for rule in RULES
        if rule.applies(resource.type) and (said := found(rule.id, resource, config))
    } == {}


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (
            aks_cluster(kubernetesVersion="1.33.13"),
            "platform support only since 2026-07-31.*pools together to 1.34.10, .*; or stay until 2027-07-31 with long-term support",
        ),
        (
            aks_cluster(kubernetesVersion="1.32.11"),
            "no support since 2026-03-31; where it runs, take control plane and pools together to 1.34.10, of the lowest supported minor: ./secure-aks upgrades whole-cluster --to 1.34.10 --stack <stack>; or stay until 2027-03-31 with long-term support .*; where it does not, write what runs, or for a new one 1.36.3",
        ),
        (aks_cluster(kubernetesVersion="1.35"), "'1.35' names no patch; write it in full"),
        (aks_cluster(kubernetesVersion=None), "is not set, so Azure picks a version"),
        (
            aks_cluster(kubernetesVersion="1.37.0"),
            "unknown: .*1.37.0 is newer than the version catalog of 2026-09-04, so its support is unknown; refresh",
        ),
        (
            aks_cluster(kubernetesVersion="1.36.99"),
            "unknown: .*1.36.99 is newer than the version catalog of 2026-09-04, so its support is unknown; refresh",
        ),
        (aks_cluster(kubernetesVersion="1.19.7"), "refresh --location"),
        (
            agent_pool(orchestratorVersion="1.33.13"),
            "pool general: orchestratorVersion 1.33.13 has had platform support only",
        ),
        (agent_pool(orchestratorVersion=None), "pool general: orchestratorVersion is not set"),
        (
            agent_pool(orchestratorVersion=UNKNOWN),
            "unknown: pool general: orchestratorVersion is not known yet",
        ),
        (
            aks_cluster(agentPoolProfiles=[{"name": "system", "orchestratorVersion": "1.31.10"}]),
            r"pool system: agentPoolProfiles\[0\].orchestratorVersion 1.31.10 has had no support",
        ),
        (
            pool_deployment(orchestratorVersion="1.33.13"),
            r"pool system: properties.template.resources\[0\].properties.orchestratorVersion 1.33.13",
        ),
        (pool_deployment(orchestratorVersion="[variables('x')]"), "unknown: pool system"),
        (
            Resource(
                "azure-native:resources:Deployment", "urn:d", "d", {"properties": {"template": UNKNOWN}}
            ),
            "unknown: pools of the template",
        ),
    ],
)
def test_supported_version(resource: Resource, words: str) -> None:
    [message] = found("supported-version", resource)
    assert re.search(words, message), message


@pytest.mark.parametrize(
    ("control_plane", "words", "without"),
    [
        (
            "1.35.7",
            "bring the pool up to its control plane: ./secure-aks upgrades rollout --to 1.35.7 ",
            "whole-cluster",
        ),
        ("1.33.13", "./secure-aks upgrades whole-cluster --to 1.34.10 ", "rollout"),
    ],
)
def test_a_pool_without_support_follows_a_control_plane_that_has_some(
    control_plane: str, words: str, without: str
) -> None:
    """`upgrades check` names the same command: AKS takes a cluster as a whole only when its control plane has no support."""
    config = {"secure-aks:cluster": {"kubernetesVersion": control_plane}}
    [message] = found("supported-version", agent_pool(orchestratorVersion="1.33.13"), config)
    assert words in message
    assert without not in message


def test_a_version_in_a_template_parameter_is_read() -> None:
    deployment = pool_deployment(orchestratorVersion="[parameters('version')]")
    deployment.props["properties"]["parameters"] = {"version": {"value": "1.31.10"}}
    [message] = found("supported-version", deployment)
    assert "1.31.10" in message


def test_long_term_support_needs_both_tier_and_plan() -> None:
    old = {"kubernetesVersion": "1.33.13"}
    assert found("supported-version", aks_cluster(**old, **LTS_CLUSTER)) == []
    assert len(found("supported-version", aks_cluster(**old, supportPlan="AKSLongTermSupport"))) == 1
    assert len(found("supported-version", aks_cluster(**old, sku={"tier": "Premium"}))) == 1


def test_a_pool_has_the_support_of_its_cluster() -> None:
    one = judge()
    pool = agent_pool(orchestratorVersion="1.33.13")
    one.context.seen.note(aks_cluster(**LTS_CLUSTER))
    assert one.resource(BY_ID["supported-version"], pool) == []
    one.context.seen.note(replace(aks_cluster(resourceName="aks-other"), urn="urn:other"))
    assert one.resource(BY_ID["supported-version"], pool) == []
    assert (
        len(
            one.resource(
                BY_ID["supported-version"],
                agent_pool(orchestratorVersion="1.33.13", resourceName="aks-other"),
            )
        )
        == 1
    )


def test_the_stack_file_tells_of_long_term_support_before_the_cluster_is_seen() -> None:
    config = {"secure-aks:cluster": {"tier": "Premium", "supportPlan": "AKSLongTermSupport"}}
    assert found("supported-version", agent_pool(orchestratorVersion="1.33.13"), config) == []


def test_the_stack_file_tells_nothing_about_other_clusters() -> None:
    config = {
        "secure-aks:cluster": {"name": "aks-prod", "tier": "Premium", "supportPlan": "AKSLongTermSupport"}
    }
    old = {"orchestratorVersion": "1.33.13"}
    assert found("supported-version", agent_pool(**old), config) == []
    assert found("supported-version", agent_pool(**old, resourceName=UNKNOWN), config) == []
    assert len(found("supported-version", agent_pool(**old, resourceName="aks-other"), config)) == 1


def test_previews_are_for_other_stacks() -> None:
    preview = aks_cluster(kubernetesVersion="1.37.0")
    before = datetime(2026, 9, 30, tzinfo=UTC)
    assert found("supported-version", preview, {"secure-aks:environment": "dev"}, before) == []
    [message] = found("supported-version", preview, {"secure-aks:environment": "prod"}, before)
    assert "is a preview by the version catalog of 2026-09-04, and previews stay out of production" in message


@pytest.mark.parametrize(("days", "count"), [(128, 1), (127, 0)])
def test_support_ending(days: int, count: int) -> None:
    config = {"secure-aks:versionRules": {"warnDays": days}}
    said = found("support-ending", agent_pool(), config)
    assert len(said) == count
    if said:
        assert said == [
            "pool general: the support of 1.35.7 ends on 2027-03-31, in 128 days; plan the move to 1.36.3"
        ]


def test_support_ending_is_silent_once_it_has_ended() -> None:
    assert (
        found(
            "support-ending",
            agent_pool(orchestratorVersion="1.33.13"),
            {"secure-aks:versionRules": {"warnDays": 365}},
        )
        == []
    )


@pytest.mark.parametrize(
    ("version", "day", "waiting"), [("1.35.5", 17, None), ("1.35.5", 18, 31), ("1.35.6", 28, None)]
)
def test_newer_patch(version: str, day: int, waiting: int | None) -> None:
    now = datetime(2026, 8, day - 1, tzinfo=UTC)  # 1.35.6 came on 17 July
    said = found("newer-patch", agent_pool(orchestratorVersion=version), now=now)
    assert said == (
        [f"pool general: {version} has been followed by newer patches for {waiting} days; move to 1.35.6"]
        if waiting
        else []
    )


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        (
            {"osSKU": "Windows2019", "osType": "Windows", "orchestratorVersion": "1.32.11"},
            "without support since 2026-03-01",
        ),
        (
            {"osSKU": "Windows2019", "osType": "Windows"},
            "does not exist for Kubernetes 1.35; write osSku Windows2025 in a new pool",
        ),
        (
            {"osSKU": "Ubuntu2204", "orchestratorVersion": "1.37.0"},
            "does not exist for Kubernetes 1.37; write osSku Ubuntu2404",
        ),
        (
            {"osSKU": "AzureLinux", "orchestratorVersion": "1.31.10"},
            "is Azure Linux 2.0, without support since 2025-11-30",
        ),
        ({"osSKU": "Flatcar"}, "write osSku AzureContainerLinux"),
        (
            {"osSKU": "Windows2025", "osType": "Windows", "orchestratorVersion": "1.31.10"},
            "does not exist for Kubernetes 1.31",
        ),
        (
            {"osSKU": "Windows2019", "osType": "Windows", "orchestratorVersion": "1.31.10"},
            "write osSku Windows2025 in a new pool, since Windows cannot be changed in place once it runs 1.32, where that begins",
        ),
        (
            {"osSKU": "Windows2025", "osType": "Windows", "orchestratorVersion": "1.30.10"},
            "does not exist for Kubernetes 1.30; write osSku Windows2022 in a new pool",
        ),
        (
            {"osSKU": "BeOS"},
            "unknown: pool general: osSKU BeOS is not in the version catalog; it knows AzureContainerLinux",
        ),
        ({"osSKU": UNKNOWN}, "unknown: pool general: osSKU is not known yet"),
        ({"orchestratorVersion": UNKNOWN}, "unknown: pool general: osSKU Ubuntu2404 cannot be judged"),
    ],
)
def test_supported_os(pool: dict, words: str) -> None:
    [message] = found("supported-os", agent_pool(**pool))
    assert words in message


def test_an_os_ends_on_its_day() -> None:
    windows = agent_pool(osSKU="Windows2022", osType="Windows")
    assert found("supported-os", windows, now=datetime(2028, 6, 30, tzinfo=UTC)) == []
    assert len(found("supported-os", windows, now=datetime(2028, 7, 1, tzinfo=UTC))) == 1


def test_an_inline_pool_runs_its_control_planes_version() -> None:
    inline = [{"name": "system", "osSKU": "Ubuntu2204", "osType": "Linux"}]
    assert found("supported-os", aks_cluster(agentPoolProfiles=inline)) == []
    [message] = found("supported-os", aks_cluster(agentPoolProfiles=inline, kubernetesVersion="1.37.0"))
    assert "Kubernetes 1.37" in message


@pytest.mark.parametrize(
    ("channel", "refused"),
    [
        ("none", False),
        ("node-image", False),
        (None, False),
        ("patch", True),
        ("stable", True),
        ("rapid", True),
    ],
)
def test_no_auto_upgrade(channel: str | None, refused: bool) -> None:  # noqa: FBT001  # a table's column
    said = found("no-auto-upgrade", aks_cluster(autoUpgradeProfile={"upgradeChannel": channel}))
    assert bool(said) == refused
    if refused:
        assert "write upgradeChannel none" in said[0]
    unpinned = aks_cluster(autoUpgradeProfile={"upgradeChannel": channel}, kubernetesVersion=None)
    assert found("no-auto-upgrade", unpinned) == []


@pytest.mark.parametrize(
    ("api", "kind", "target", "words"),
    [
        (
            "policy/v1beta1",
            "PodDisruptionBudget",
            "1.25.0",
            "not served by Kubernetes 1.25.0 (removed in 1.25); use policy/v1",
        ),
        ("policy/v1beta1", "PodSecurityPolicy", "1.35.7", "use Pod Security admission"),
        ("extensions/v1beta1", "Ingress", "1.35.7", "use networking.k8s.io/v1"),
        ("extensions/v1beta1", "IngressList", "1.35.7", "use networking.k8s.io/v1"),
        (
            "flowcontrol.apiserver.k8s.io/v1beta1",
            "FlowSchema",
            "1.27.3",
            "use flowcontrol.apiserver.k8s.io/v1beta3",
        ),
        (
            "flowcontrol.apiserver.k8s.io/v1beta1",
            "FlowSchema",
            "1.29.0",
            "use flowcontrol.apiserver.k8s.io/v1",
        ),
        ("resource.k8s.io/v1alpha2", "ResourceClaim", "1.31.1", "nothing replaces it on that version"),
        ("resource.k8s.io/v1beta1", "ResourceClaim", "1.38.0", "use resource.k8s.io/v1"),
    ],
)
def test_removed_api(api: str, kind: str, target: str, words: str) -> None:
    config = {"secure-aks:cluster": {"kubernetesVersion": target}}
    [message] = found("removed-api", kubernetes(api, kind), config)
    assert message.startswith(f"{kind} web: {api}")
    assert words in message
    assert found("deprecated-api", kubernetes(api, kind), config) == []


@pytest.mark.parametrize(
    ("api", "kind", "target", "words"),
    [
        ("resource.k8s.io/v1beta1", "ResourceClaim", "1.35.7", "leaves with 1.38, 3 minors from 1.35"),
        (
            "resource.k8s.io/v1beta1",
            "ResourceClaim",
            "1.36.3",
            "leaves with 1.38, 2 minors from 1.36; use resource.k8s.io/v1",
        ),
        (
            "policy/v1beta1",
            "PodDisruptionBudget",
            "1.24.0",
            "leaves with 1.25, 1 minor from 1.24; use policy/v1",
        ),
        (
            "v1",
            "Endpoints",
            "1.35.7",
            "is deprecated (no removal is planned); use discovery.k8s.io/v1 (EndpointSlice",
        ),
    ],
)
def test_deprecated_api(api: str, kind: str, target: str, words: str) -> None:
    config = {"secure-aks:cluster": {"kubernetesVersion": target}}
    [message] = found("deprecated-api", kubernetes(api, kind), config)
    assert words in message
    assert found("removed-api", kubernetes(api, kind), config) == []


def test_the_apis_target_is_the_newest_control_plane_seen_when_the_stack_file_names_none() -> None:
    one = judge()
    pdb = kubernetes("policy/v1beta1", "PodDisruptionBudget")
    [unknown] = one.resource(BY_ID["removed-api"], pdb)
    assert unknown.unknown
    one.context.seen.note(aks_cluster())
    [finding] = one.resource(BY_ID["removed-api"], pdb)
    assert not finding.unknown


def test_an_api_is_read_from_the_type_when_the_properties_do_not_tell() -> None:
    resource = Resource("kubernetes:policy/v1beta1:PodDisruptionBudget", "urn:x", "pdb", {})
    config = {"secure-aks:cluster": {"kubernetesVersion": CURRENT}}
    assert "pdb" in found("removed-api", resource, config)[0]
    hidden = Resource("kubernetes:policy/v1beta1:PodDisruptionBudget", "urn:x", "pdb", {"kind": UNKNOWN})
    assert found("removed-api", hidden, config) == ["unknown: pdb: apiVersion or kind is not known yet"]


def test_what_is_inside_a_helm_release_is_unknown_not_fine() -> None:
    release = Resource("kubernetes:helm.sh/v3:Release", "urn:r", "ingress", {"chart": "x"})
    [message] = found("removed-api", release)
    assert message.startswith("unknown: ingress: what is inside a helm.v3.Release cannot be seen")
    assert found("deprecated-api", release) == []


def stack_findings(
    rule: str, *resources: Resource, now: datetime = NOW, config: dict | None = None
) -> list[str]:
    one = judge(config, now)
    for resource in resources:
        one.context.seen.note(resource)
    return [item.message for item in one.stack(BY_ID[rule], resources)]


def test_declared_versions() -> None:
    right = versions(recorded(CURRENT, system=CURRENT, general=CURRENT))
    cluster, system, general = aks_cluster(), pool_deployment(), agent_pool()
    assert stack_findings("declared-versions", right, cluster, system, general) == []
    assert stack_findings("declared-versions") == []
    [none] = stack_findings("declared-versions", cluster)
    assert "register components.versions.version_change.VersionChange before the cluster" in none
    [behind] = stack_findings(
        "declared-versions", right, cluster, system, agent_pool(orchestratorVersion="1.35.5")
    )
    assert (
        behind
        == "pool general: asks for 1.35.5, and VersionChange declares 1.35.7; make both from the same settings"
    )
    [stranger] = stack_findings("declared-versions", right, cluster, system, general, agent_pool("extra"))
    assert "declares nothing" in stranger
    [inline] = stack_findings("declared-versions", right, cluster, general)
    assert inline.startswith(
        "pool system of aks-prod: VersionChange declares its version, but no resource asks Azure for it"
    )
    unknown_cluster = agent_pool(resourceName=UNKNOWN)
    assert stack_findings("declared-versions", right, cluster, system, unknown_cluster) == []


@pytest.mark.parametrize(("image", "refused"), [("202609.24.0", False), ("202609.23.0", True)])
def test_node_image_age(image: str, refused: bool) -> None:  # noqa: FBT001  # a table's column
    name = f"AKSUbuntu-2404gen2containerd-{image}"
    outputs = [
        agent_pool(name="general", nodeImageVersion=name),
        aks_cluster(agentPoolProfiles=[{"name": "system"}]),
    ]
    said = stack_findings("node-image-age", *outputs)
    assert bool(said) == refused
    if refused:
        assert "is 61 days old; upgrade the node image" in said[0]


def test_pack_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECURE_AKS_CLOCK", raising=False)
    fresh = datetime(2026, 10, 19, tzinfo=UTC)
    assert stack_findings("pack-inputs", now=fresh) == []
    [old] = stack_findings("pack-inputs", now=datetime(2026, 10, 20, tzinfo=UTC))
    assert old.startswith(
        "the version catalog of 2026-09-04 is 46 days old; refresh the catalog: .venv/bin/python -m"
    )
    [here] = stack_findings(
        "pack-inputs", config={"azure-native:location": "northeurope"}, now=datetime(2026, 10, 20, tzinfo=UTC)
    )
    assert here.endswith("secure_aks_lifecycle refresh --location northeurope --write"), "pasted, it runs"
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-10-19")
    [clock] = stack_findings("pack-inputs", now=fresh)
    assert "the clock is overridden" in clock
    monkeypatch.delenv("SECURE_AKS_CLOCK")
    config = {
        "secure-aks:policies": {"lifecycle": {"no-such-rule": "disabled", "promotion": "strict"}},
        "secure-aks:exemptions": [
            {"rule": "promotion", "resource": {"name": "*"}, "reason": "x", "until": "2026-12-01"},
            {"rule": "promotion", "resource": {"name": "general"}, "until": "2026-12-01"},
            {"rule": "promotion", "resource": {"name": "general"}, "reason": "x", "until": "soon"},
            {"rule": "promotion", "resource": {"name": "general"}, "reason": "CVE", "until": "2026-08-30"},
            {"rule": "pack-inputs", "resource": {"name": "prod"}, "reason": "x", "until": "2026-12-01"},
            {"rule": "no-privileged", "resource": {"name": "kured"}, "reason": "x", "until": "2020-01-01"},
            {
                "rule": "removed-api",
                "resource": {"name": "a", "namspace": "b"},
                "reason": "x",
                "until": "2026-12-01",
            },
            {"rule": "removed-api", "resource": {"name": "*-*"}, "reason": "x", "until": "2026-12-01"},
        ],
        "secure-aks:cluster": "{not json",
        "secure-aks:versionRules": "2",
    }
    said = "\n".join(stack_findings("pack-inputs", now=fresh, config=config))
    for words in (
        "policies.lifecycle.no-such-rule: there is no such rule",
        "policies.lifecycle.promotion: 'strict' is not one of disabled, advisory, mandatory",
        "exemptions[0]: resource.name is a bare wildcard",
        "exemptions[1]: reason is missing",
        "exemptions[2]: until 'soon' is not a date",
        "the exemption of general from promotion ended on 2026-08-30 (CVE); delete it",
        "pack-inputs is about the whole stack and knows no exemption",
        "exemptions[6]: resource has namspace; it may have kind, name, namespace, type",
        "exemptions[7]: resource.name is a bare wildcard",
        "secure-aks:cluster: is not valid JSON",
        "secure-aks:versionRules: is not a mapping",
    ):
        assert words in said, words
    assert "no-privileged" not in said, "the other pack's exemptions are its own business"


def test_a_rule_that_fails_refuses_and_says_how_to_go_on() -> None:
    def broken(*_arguments: object) -> list:
        raise RuntimeError("no such thing")

    rule = replace(BY_ID["supported-os"], check=broken)
    [finding] = judge().resource(rule, agent_pool())
    assert not finding.unknown
    assert "the rule itself failed (RuntimeError: no such thing); please report it" in finding.message
    assert "{lifecycle: {supported-os: disabled}}" in finding.message
    stack_rule = replace(BY_ID["pack-inputs"], stack_check=broken)
    assert len(judge().stack(stack_rule, [])) == 1
