"""Flux by AKS's own extension, and the repository that it follows."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from settings.sections.features.gitops import Gitops as Said
from settings.sections.features.gitops import Kustomization

from .parts.token_resource import TokenResource

_TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class GitopsArgs:
    """The cluster by its names, what its stack file says of the repository, and what has to be there before Flux."""

    resource_group_name: pulumi.Input[str]
    cluster_name: str
    gitops: Said
    after: Sequence[pulumi.Resource] = ()


class Gitops(pulumi.ComponentResource):
    """The extension microsoft.flux with multi-tenancy enforced, and one configuration that follows the platform's repository.

    Flux applies as the service account flux-applier of the configuration's namespace, so the cluster's admission policies judge
    what the repository says as they judge anybody. Its controllers for images stay off: nothing here writes to a repository.
    Source: Azure documentation, "Tutorial: Deploy applications using GitOps with Flux v2" and "Supported parameters for GitOps".
    """

    def __init__(self, name: str, args: GitopsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:Gitops", name, None, opts)
        said = args.gitops
        cluster = {
            "resourceGroupName": args.resource_group_name,
            "clusterRp": "Microsoft.ContainerService",
            "clusterResourceName": "managedClusters",
            "clusterName": args.cluster_name,
        }
        extension = TokenResource(
            "azure-native:kubernetesconfiguration:Extension",
            "flux",
            {
                **cluster,
                "extensionName": "flux",
                "extensionType": "microsoft.flux",
                "autoUpgradeMinorVersion": True,
                "releaseTrain": "Stable",
                "scope": {"cluster": {"releaseNamespace": "flux-system"}},
                "configurationSettings": {
                    "multiTenancy.enforce": "true",
                    "image-automation-controller.enabled": "false",
                    "image-reflector-controller.enabled": "false",
                },
            },
            pulumi.ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        TokenResource(
            "azure-native:kubernetesconfiguration:FluxConfiguration",
            name,
            {
                **cluster,
                "fluxConfigurationName": name,
                "namespace": said.namespace,
                "scope": "cluster",
                "sourceKind": "GitRepository",
                "suspend": False,
                "gitRepository": _repository(said),
                "kustomizations": {one.name: _kustomization(one, said) for one in said.kustomizations},
            },
            pulumi.ResourceOptions(parent=self, depends_on=[extension]),
        )
        self.register_outputs({})


def _repository(said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {
        "url": said.repository,
        "repositoryRef": {"branch": said.branch} if said.branch else {"tag": said.tag},
        "syncIntervalInSeconds": said.sync_minutes * 60,
        "timeoutInSeconds": _TIMEOUT_SECONDS,
    }
    if said.known_hosts:
        found["sshKnownHosts"] = b64encode(said.known_hosts.encode()).decode()
    if said.secret:
        found["localAuthRef"] = said.secret
    return found


def _kustomization(one: Kustomization, said: Said) -> Mapping[str, Any]:
    return {
        "path": one.path,
        "dependsOn": sorted(one.depends_on),
        "prune": one.prune,
        "force": False,
        "wait": True,
        "syncIntervalInSeconds": said.sync_minutes * 60,
        "timeoutInSeconds": _TIMEOUT_SECONDS,
    }
