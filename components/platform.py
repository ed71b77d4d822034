"""The platform's controllers' place in the cluster: a namespace each, shut but for what the stack file opens."""

from dataclasses import dataclass

import pulumi

from settings.sections.platform import Controller
from settings.sections.stack import StackSettings

from .namespace import Namespace
from .parts.network_policies import manifests, opened, shut
from .parts.token_resource import KubernetesObject
from .program.teams import inner_ranges, opening_args

PLATFORM_LABEL = "secure-aks/platform"
"""Label of a platform controller's namespace: the controller's name."""


@dataclass(frozen=True)
class PlatformArgs:
    """The stack file, with its `platform`."""

    stack: StackSettings


class Platform(pulumi.ComponentResource):
    """The namespaces that controllers such as ingress-nginx are installed into, by whatever installs them.

    What a controller may do otherwise is lifted where the rules are judged: by the security pack at preview, and by
    its admission policies. Pass the cluster's Kubernetes provider in `opts`.
    """

    namespaces: dict[str, str]
    """The controllers' namespaces, by the controllers' names."""

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:Platform", name, None, opts)
        for controller in args.stack.platform:
            self._controller(controller, args.stack)
        self.namespaces = {one.name: one.namespace for one in args.stack.platform}
        self.register_outputs({"namespaces": self.namespaces})

    def _controller(self, controller: Controller, stack: StackSettings) -> None:
        labels = {PLATFORM_LABEL: controller.name}
        child = pulumi.ResourceOptions(parent=self)
        namespace = Namespace(controller.namespace, controller.pod_security, labels, child)
        inside = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        policies = {
            **shut(),
            **opened(
                opening_args(controller.ingress, stack),
                opening_args(controller.egress, stack),
                inner_ranges(stack),
            ),
        }
        for what, manifest in manifests(controller.namespace, policies):
            KubernetesObject(f"{controller.name}-{what}", manifest, inside)
