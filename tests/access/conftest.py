"""The teams of a stack on a real API server."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from emulator.control_plane.client import ApiError
from tests.access.helpers import in_namespaces_of_its_own, manifests, stack_settings, team_access

if TYPE_CHECKING:
    from collections.abc import Generator

    from emulator.control_plane.client import ApiClient
    from emulator.control_plane.server import ControlPlane
    from settings.sections.stack import StackSettings

MANAGER = "secure-aks"
# Served on AKS by metrics-server and, for the second, by nobody: the walk has to meet them all the same.
CUSTOM_RESOURCES = (
    ("metrics.k8s.io", "pods", "Namespaced"),
    ("example.org", "widgets", "Namespaced"),
    ("example.org", "clusterwidgets", "Cluster"),
)


def apply_teams(admin: ApiClient, settings: StackSettings) -> None:
    for manifest in manifests(team_access(settings)):
        admin.apply(numbers(manifest), MANAGER, force=True)


def numbers(value):
    """Pulumi's numbers are all floats; JSON for Kubernetes has whole ones."""
    if isinstance(value, dict):
        return {key: numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [numbers(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@pytest.fixture(scope="session")
def stacks(control_plane: ControlPlane) -> Generator[dict[str, StackSettings]]:
    """The shipped dev and prod stacks, side by side in one cluster, each in namespaces of its own."""
    admin = control_plane.client()
    found = {name: in_namespaces_of_its_own(stack_settings(name), f"{name}-") for name in ("dev", "prod")}
    definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    for group, plural, scope in CUSTOM_RESOURCES:
        admin.create(definitions, _definition(group, plural, scope))
    for settings in found.values():
        apply_teams(admin, settings)
    yield found
    for group, plural, _ in CUSTOM_RESOURCES:
        admin.delete(f"{definitions}/{plural}.{group}")
    for settings in found.values():
        for team in settings.teams:
            with contextlib.suppress(ApiError):
                admin.delete(f"/api/v1/namespaces/{team.namespace}")


def _definition(group, plural, scope):
    kind = {"pods": "PodMetrics"}.get(plural, plural.title())
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    unapproved = {"api-approved.kubernetes.io": "unapproved, for a test"}
    return {
        "metadata": {
            "name": f"{plural}.{group}",
            "annotations": unapproved if group.endswith("k8s.io") else {},
        },
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"plural": plural, "kind": kind},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }
