"""The security pack's rules inside the cluster: what the API server lets in."""

from dataclasses import dataclass
from typing import Any

import pulumi
from secure_aks_security import clock
from secure_aks_security.admission.manifests import NAMESPACE, Modes, manifests
from secure_aks_security.rules import load_rules
from secure_aks_security.stack_file.configuration import Configuration, configure
from secure_aks_security.stack_file.facts import SECTIONS

from settings.sections.stack import StackSettings

from .namespace import Namespace
from .parts.token_resource import KubernetesObject

# Nothing runs in the namespace of the parameters, and nothing is to.
_NO_TRAFFIC: dict[str, Any] = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "default-deny", "namespace": NAMESPACE},
    "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
}


@dataclass(frozen=True)
class AdmissionArgs:
    """The stack file: its `admission`, and what the rules read of it (policies, exemptions, teams, cluster)."""

    stack: StackSettings


class Admission(pulumi.ComponentResource):
    """The rules about pods, roles, services and namespaces as ValidatingAdmissionPolicies with their bindings.

    They are the texts that the security pack evaluates at preview, with the same levels, parameters and exemptions,
    so what somebody applies with kubectl behind Pulumi's back is refused in the same words. The namespaces of AKS and
    Kubernetes are left alone. Pass the cluster's Kubernetes provider in `opts`.
    """

    policies: list[str]
    """Names of the ValidatingAdmissionPolicies."""

    def __init__(self, name: str, args: AdmissionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:Admission", name, None, opts)
        settings = args.stack.admission
        objects = manifests(
            pack_configuration(args.stack),
            Modes(settings.mode, settings.namespaces),
            str(args.stack.cluster.kubernetes_version),
            clock.today(),
        )
        before: list[pulumi.Resource] = [Namespace(NAMESPACE, opts=pulumi.ResourceOptions(parent=self))]
        for manifest in [_NO_TRAFFIC, *objects]:
            kind, object_name = manifest["kind"], manifest["metadata"]["name"]
            # In their order: a binding without its parameters would refuse everything.
            opts = pulumi.ResourceOptions(parent=self, depends_on=before)
            made = KubernetesObject(f"{name}-{object_name}", manifest, opts)
            if kind != "ValidatingAdmissionPolicyBinding":
                before = [*before, made]
        self.policies = [
            manifest["metadata"]["name"]
            for manifest in objects
            if manifest["kind"] == "ValidatingAdmissionPolicy"
        ]
        self.register_outputs({"policies": self.policies})


def pack_configuration(stack: StackSettings) -> Configuration:
    """Return what the stack file says to the security pack, as the pack itself reads it."""
    said = stack.model_dump(mode="json", by_alias=True)
    sections = (*SECTIONS, "policies", "exemptions")
    return configure(load_rules(), {f"secure-aks:{section}": said[section] for section in sections})
