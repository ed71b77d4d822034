"""The way to a cluster that is there already."""

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes


@dataclass(frozen=True)
class ExistingClusterArgs:
    """The cluster's name in the stack file, the context that leads there, and the kubeconfig with it.

    Without `kubeconfig` that is where kubectl looks; a path begins at `~`, or at the folder of the program.
    """

    name: str
    context: str
    kubeconfig: str | None = None


class ExistingCluster(pulumi.ComponentResource):
    """A cluster that somebody else makes: its Kubernetes provider, which applies on the server's side, and nothing else.

    What its kubeconfig logs in with is the affair of whoever runs the program; none of it comes into the state.
    """

    provider: kubernetes.Provider
    """The Kubernetes provider of the cluster."""
    summary: dict[str, str]
    """What people need to find the cluster."""

    def __init__(
        self, name: str, args: ExistingClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:ExistingCluster", name, None, opts)
        self.provider = kubernetes.Provider(
            name,
            # A path, which the provider reads itself: a credential in the file is none in the state.
            kubeconfig=str(Path.cwd() / Path(args.kubeconfig).expanduser()) if args.kubeconfig else None,
            context=args.context,
            # Another machine's path, or a context with a new name, is no other cluster: its objects are not to be replaced.
            cluster_identifier=args.name,
            enable_server_side_apply=True,
            # Else a change of one deletes it first: without its parameters an admission policy refuses everything.
            enable_config_map_mutable=True,
            enable_secret_mutable=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.summary = {"name": args.name, "context": args.context}
        self.register_outputs({"summary": self.summary})
