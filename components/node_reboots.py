"""Reboots of nodes whose updates ask for one, by kured."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.helm import v4 as helm

from settings.sections.kured import Kured
from settings.sections.maintenance import Maintenance
from settings.sections.pools import Pool

from .access.cluster_roles import notify_rights
from .namespace import Namespace
from .parts.pins import KURED_CHART, KURED_REPOSITORY
from .parts.token_resource import KubernetesObject, TokenResource
from .reboots.names import NAME, NAMESPACE
from .reboots.rights import rights
from .reboots.values import kured_values
from .reboots.watch import azure_monitor, azure_rule, operator_rule


@dataclass(frozen=True)
class RuleGroupPlace:
    """Where Azure keeps the alert of a stack whose metrics Azure Monitor collects."""

    resource_group_name: pulumi.Input[str]
    cluster_name: str
    cluster_id: pulumi.Input[str]
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    action_groups: Sequence[pulumi.Input[str]] = ()
    """Resource ids of the action groups that the alert goes to."""


@dataclass(frozen=True)
class NodeRebootsArgs:
    """What kured is told.

    `pools` are the cluster's, whose taints it must tolerate; `maintenance` has the days without a reboot;
    `rules` is needed with the collector `azure-monitor`; `deployers` are object ids of the groups that apply this, who
    may write no Secret but the one here.
    """

    kured: Kured
    pools: Sequence[Pool] = ()
    maintenance: Maintenance = field(default_factory=Maintenance)
    rules: RuleGroupPlace | None = None
    deployers: Sequence[pulumi.Input[str]] = ()


class NodeReboots(pulumi.ComponentResource):
    """kured on every Linux node: cordon, drain, reboot, one node at a time, in the hours that the settings name.

    It reboots by a signal to the node's init process, so of all capabilities it needs KILL alone and is not privileged.
    It still sees the node's processes (hostPID) and reads the sentinel file (hostPath), for which its own namespace
    allows `privileged` pods. An admission policy holds each kured to its own node, and all of them to days on which
    maintenance is allowed, which kured itself knows nothing of.
    """

    def __init__(self, name: str, args: NodeRebootsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:NodeReboots", name, None, opts)
        before: list[pulumi.Resource] = [Namespace(NAMESPACE, "privileged", opts=self._after([]))]
        for manifest in rights(args.kured, args.maintenance.not_allowed):
            right = KubernetesObject(f"{NAME}-{manifest['kind']}", manifest, self._after(before))
            before = [*before, right]
        if args.kured.notify_url and args.deployers:
            for manifest in notify_rights(NAMESPACE, args.deployers):
                name = f"{NAME}-deployers-{manifest['kind']}"
                before = [*before, KubernetesObject(name, manifest, self._after(before))]
        secret, made = self._notify(args.kured, self._after(before))
        before += made
        chart = helm.Chart(
            NAME,
            chart="kured",
            version=KURED_CHART,
            repository_opts={"repo": KURED_REPOSITORY},
            namespace=NAMESPACE,
            values=kured_values(args.kured, args.pools, secret),
            opts=self._after(before),
        )
        self._watch(args, self._after([*before, chart]))
        self.register_outputs({"namespace": NAMESPACE})

    def _after(self, resources: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(resources))

    def _notify(self, kured: Kured, opts: pulumi.ResourceOptions) -> tuple[str | None, list[pulumi.Resource]]:
        """Register the Secret and return its name, which has the content's hash: a change rolls kured over."""
        if not kured.notify_url:
            return None, []
        url = kured.notify_url.get_secret_value()
        name = f"{NAME}-notify-{hashlib.sha256(url.encode()).hexdigest()[:10]}"
        manifest = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "immutable": True,
            "stringData": {"url": pulumi.Output.secret(url)},
        }
        return name, [KubernetesObject(f"{NAME}-notify", manifest, opts)]

    def _watch(self, args: NodeRebootsArgs, opts: pulumi.ResourceOptions) -> None:
        monitoring = args.kured.monitoring
        if monitoring is None:
            return
        if monitoring.collector == "prometheus-operator":
            KubernetesObject(f"{NAME}-overdue", operator_rule(monitoring), opts)
            return
        if args.rules is None or monitoring.workspace_id is None:
            raise pulumi.RunError(
                "the collector azure-monitor needs a workspace, and a place for its rule group"
            )
        KubernetesObject(f"{NAME}-monitor", azure_monitor(), opts)
        group = {
            "resourceGroupName": args.rules.resource_group_name,
            "ruleGroupName": f"{args.rules.cluster_name}-kured",
            "clusterName": args.rules.cluster_name,
            "scopes": [monitoring.workspace_id, args.rules.cluster_id],
            "interval": "PT1M",
            "enabled": True,
            "rules": [azure_rule(monitoring, args.rules.action_groups)],
            "tags": dict(args.rules.tags),
        }
        in_azure = pulumi.ResourceOptions(parent=self)
        TokenResource("azure-native:alertsmanagement:PrometheusRuleGroup", f"{NAME}-overdue", group, in_azure)
