"""Small programs of Kubernetes resources on the control plane of the test process."""

from __future__ import annotations

import textwrap

from pulumi.automation import CommandError

from emulator.control_plane.stack_cluster import StackCluster
from emulator.dry_run.stack import EmulatedStack
from emulator.plugins.base import Provider
from emulator.plugins.kubernetes_cluster import ClusterKubernetesProvider

PRELUDE = """
import pulumi
from pulumi_kubernetes.core.v1 import ConfigMap, Namespace, ResourceQuota, ServiceAccountPatch
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.apiextensions import CustomResource
"""


class Shared(StackCluster):
    """A stack's control plane that is everybody's."""

    def __init__(self, folder, control_plane):
        super().__init__(folder, "dev")
        self._control_plane = control_plane

    @property
    def is_fresh(self):
        return False

    def ensure(self):
        return self._control_plane


class Project:
    """A project whose Kubernetes provider talks to a control plane; `{ns}` in a program is the test's namespace."""

    def __init__(self, folder, control_plane, namespace):
        self.folder, self.control_plane, self.namespace = folder, control_plane, namespace
        self.admin = control_plane.client()
        folder.mkdir()
        (folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
        (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
        self.stack = EmulatedStack(
            "dev",
            folder,
            providers={
                "kubernetes": lambda: ClusterKubernetesProvider(
                    Shared(folder, control_plane), lambda config: None
                ),
                "pulumi": Provider,
            },
        )

    def program(self, text):
        text = textwrap.dedent(text).replace("{ns}", self.namespace)
        (self.folder / "__main__.py").write_text(PRELUDE + text)
        return self

    def up(self, text):
        return self.program(text).stack.up()

    def refused(self, what, text=None):
        if text is not None:
            self.program(text)
        try:
            getattr(self.stack, what)()
        except CommandError as error:
            return str(error)
        raise AssertionError(f"{what} was not refused")

    def path(self, name, kind="configmaps", root="/api/v1"):
        return f"{root}/namespaces/{self.namespace}/{kind}/{name}"

    def by_hand(self, path, patch):
        """Change something as a person with kubectl does."""
        self.admin.call(
            "PATCH", f"{path}?fieldManager=kubectl-edit", patch, content_type="application/merge-patch+json"
        )

    def state(self):
        found = (self.stack.export_stack().deployment or {})["resources"]
        return {r["urn"].rsplit("::", 1)[-1]: r for r in found}
