"""Reboots of nodes whose updates ask for one, by kured."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.helm import v4 as helm

from .access.cluster_roles import notify_rights
from .args.like import like
from .args.pools import PoolArgs
from .args.reboots import KuredArgs, NoRebootsArgs, RebootMetricsArgs, RuleGroupArgs
from .namespace import Namespace
from .parts.naming import joined, part_name
from .parts.pins import KURED_CHART, KURED_REPOSITORY
from .parts.token_resource import KubernetesObject, TokenResource
from .reboots.names import NAME, NAMESPACE
from .reboots.rights import rights
from .reboots.values import kured_values
from .reboots.watch import azure_monitor, azure_rule, operator_rule


@dataclass(frozen=True)
class NodeRebootsArgs:
    """What kured is told.

    Raises ValueError where Azure Monitor collects, and no workspace or place of its rule group is said.
    """

    kured: KuredArgs = field(default_factory=KuredArgs)
    """When and how it reboots."""
    pools: Sequence[PoolArgs] = ()
    """The cluster's pools, whose taints it must tolerate."""
    not_allowed: Sequence[NoRebootsArgs] = ()
    """Times without a reboot."""
    rules: RuleGroupArgs | None = None
    """Where the alert goes; needed with the collector azure-monitor."""
    deployers: Sequence[pulumi.Input[str]] = ()
    """Object ids of groups that apply this and administer nothing: they may write the Secret of `notify_url` here, and no other."""

    def __post_init__(self) -> None:
        # What is said as a mapping becomes arguments later, and is looked at then.
        asked: RebootMetricsArgs | None = getattr(self.kured, "monitoring", None)
        if not isinstance(asked, RebootMetricsArgs) or asked.collector != "azure-monitor":
            return
        if self.rules is None or asked.workspace_id is None:
            raise ValueError("the collector azure-monitor needs a workspace, and a place for its rule group")


class NodeReboots(pulumi.ComponentResource):
    """kured on every Linux node: cordon, drain, reboot, one node at a time, in the hours that the settings name.

    It reboots by a signal to the node's init process, so of all capabilities it needs KILL alone and is not privileged.
    It still sees the node's processes (hostPID) and reads the sentinel file (hostPath), for which its own namespace
    allows `privileged` pods. An admission policy holds each kured to its own node, and all of them to days on which
    maintenance is allowed, which kured itself knows nothing of. Pass the cluster's Kubernetes provider in `opts`.
    """

    def __init__(self, name: str, args: NodeRebootsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secure-aks:index:NodeReboots", name, None, opts)
        args = like(NodeRebootsArgs, args)
        self._name = name
        namespace = Namespace(self._called(NAMESPACE), "privileged", None, self._after([]), NAMESPACE)
        before: list[pulumi.Resource] = [namespace]
        for manifest in rights(args.kured, args.not_allowed):
            right = KubernetesObject(
                self._called(f"{NAME}-{manifest['kind']}"), manifest, self._after(before)
            )
            before = [*before, right]
        if args.kured.notify_url and args.deployers:
            for manifest in notify_rights(NAMESPACE, args.deployers):
                called = self._called(f"{NAME}-deployers-{manifest['kind']}")
                before = [*before, KubernetesObject(called, manifest, self._after(before))]
        secret, made = self._notify(args.kured, self._after(before))
        before += made
        called = self._called(NAME)
        chart = helm.Chart(
            called,
            name=None if called == NAME else NAME,
            chart="kured",
            version=KURED_CHART,
            repository_opts={"repo": KURED_REPOSITORY},
            namespace=NAMESPACE,
            values=kured_values(args.kured, args.pools, secret),
            opts=self._after(before),
        )
        self._watch(args, self._after([*before, chart]))
        self.register_outputs({"namespace": NAMESPACE})

    def _called(self, what: str) -> str:
        return part_name(self._name, what, first="reboots")

    def _after(self, resources: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(resources))

    def _notify(
        self, kured: KuredArgs, opts: pulumi.ResourceOptions
    ) -> tuple[pulumi.Input[str] | None, list[pulumi.Resource]]:
        """Register the Secret and return its name, which has the content's hash: a change rolls kured over."""
        if not kured.notify_url:
            return None, []
        url = kured.notify_url
        name = (
            _named(url)
            if isinstance(url, str)
            else pulumi.Output.unsecret(pulumi.Output.from_input(url).apply(_named))
        )
        manifest = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "immutable": True,
            "stringData": {"url": pulumi.Output.secret(url)},
        }
        return name, [KubernetesObject(self._called(f"{NAME}-notify"), manifest, opts)]

    def _watch(self, args: NodeRebootsArgs, opts: pulumi.ResourceOptions) -> None:
        monitoring = args.kured.monitoring
        if monitoring is None:
            return
        if monitoring.collector == "prometheus-operator":
            KubernetesObject(self._called(f"{NAME}-overdue"), operator_rule(monitoring), opts)
            return
        if args.rules is None:
            return
        KubernetesObject(self._called(f"{NAME}-monitor"), azure_monitor(), opts)
        group = {
            "resourceGroupName": args.rules.resource_group_name,
            "ruleGroupName": joined(args.rules.cluster_name, "-kured"),
            "clusterName": args.rules.cluster_name,
            "scopes": [monitoring.workspace_id, args.rules.cluster_id],
            "interval": "PT1M",
            "enabled": True,
            "rules": [azure_rule(monitoring, args.rules.action_groups)],
            "tags": dict(args.rules.tags),
        }
        in_azure = pulumi.ResourceOptions(parent=self)
        kind = "azure-native:alertsmanagement:PrometheusRuleGroup"
        TokenResource(kind, self._called(f"{NAME}-overdue"), group, in_azure)


def _named(url: str) -> str:
    """Return the name of the Secret that holds an address."""
    return f"{NAME}-notify-{hashlib.sha256(url.encode()).hexdigest()[:10]}"
