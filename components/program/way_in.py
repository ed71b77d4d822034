"""Whether anybody can apply what is inside the cluster, told at every preview."""

from collections.abc import Iterator
from typing import Any

import pulumi

from settings.sections.stack import StackSettings
from settings.way_in import findings, ways

from ..parts.earlier import FurtherCluster, earlier, further_cluster
from .refused import refuse


def check_way_in(
    stack: StackSettings, previous: pulumi.Output[Any], further: FurtherCluster | None = None
) -> None:
    """Say how the API server is reached; refuse a stack that nobody could apply.

    `previous` is the stack's own last record, None before the first `up`; `further` the cluster of the stack that it is about,
    None for the first. Raises RunError.
    """
    problems = [f"{found.path}\n    why:  {found.why}\n    mend: {found.remedy}" for found in findings(stack)]
    if problems:
        refuse("\n".join(problems))
    if ways(stack) and stack.cluster.api_server.access == "private":
        pulumi.log.info(stack.told(f"the private API server is reached {'; '.join(ways(stack))}"))
    if stack.cluster.inside == "later":
        pulumi.log.warn(
            f"{stack.key('cluster.inside')} is later: only Azure's half is made. Write now, and run up where the API server"
            " can be reached, to have roles, admission, profiles and teams."
        )
    previous.apply(lambda last: _bootstrap(stack, is_first=last is None))
    if stack.cluster.inside == "later" and (made := sorted(_namespaces(further))):
        refuse(
            f"{stack.key('cluster.inside')} is later, and an up has applied the inside: this one would delete it, the"
            f" namespaces {', '.join(made)} with all that is in them. Write now."
        )


def _namespaces(further: FurtherCluster | None) -> Iterator[str]:
    """Yield the namespaces that the state has in this cluster."""
    which = further.pulumi_resource_type if further else None
    for urn, outputs in earlier().items():
        if urn.split("::")[2].endswith("$kubernetes:core/v1:Namespace") and further_cluster(urn) == which:
            metadata: dict[str, Any] = outputs.get("metadata") or {}
            yield str(metadata.get("name", urn.rpartition("::")[2]))


def _bootstrap(stack: StackSettings, *, is_first: bool) -> None:
    cluster = stack.cluster
    if cluster.bootstrap and not is_first:
        pulumi.log.warn(
            f"{stack.key('cluster.bootstrap')}: the deployers still administer the whole cluster. Their own role stands since"
            " the first up: remove the line."
        )
    if is_first and cluster.deployers and not cluster.bootstrap and cluster.inside == "now":
        pulumi.log.warn(
            stack.told(
                "a new cluster lets in nobody but its administrators, so only the break-glass groups can apply what is"
                f" inside: write `bootstrap: true` under {stack.key('cluster')} for the first up of the deployers"
            )
        )
