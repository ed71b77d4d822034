"""How whoever runs `up` gets into the cluster: over which network, and by which right.

No single section knows it, and it is no fault of the file: what it says may all be right, and yet nobody could apply
what is to be inside. So these are told and refused by the program (`components/program/way_in.py`), after everything else.
"""

from collections.abc import Iterator

from settings.checks.finding import Finding
from settings.sections.groups import Group
from settings.sections.stack import StackSettings

WHO = "az ad signed-in-user show --query id --output tsv"
"""Command that prints the object id of who is logged in."""


def holds_somebody(group: Group) -> bool:
    """Tell whether a group may have members: it exists, or it is created with some."""
    return bool(group.object_id or group.members)


def ways(stack: StackSettings) -> list[str]:
    """Return over which networks the API server is reached, in words; none for one that nobody can reach."""
    server, network = stack.cluster.api_server, stack.network
    if server.access == "public":
        return ["from everywhere"]
    if server.access == "ip-restricted":
        ranges = ", ".join(map(str, server.authorized_ip_ranges))
        return [f"from {ranges} alone (apiServer.authorizedIpRanges)"]
    found: list[str] = []
    if network.existing:
        found.append("from your own network, and what is joined with it (network.existing)")
    if network.runner_subnet:
        found.append(f"from machines in {network.runner_subnet} (network.runnerSubnet)")
    found += [f"from {peering.network.rsplit('/', 1)[-1]} (network.peerings)" for peering in network.peerings]
    if server.vnet_integration:
        subnet = network.api_server_subnet or (network.existing and network.existing.api_server_subnet)
        found.append(f"at an address in {subnet}, from the network and its peers (apiServer.vnetIntegration)")
    return found


def findings(stack: StackSettings) -> Iterator[Finding]:
    """Yield why nobody could apply what is inside the cluster."""
    if stack.cluster.inside == "later":
        return
    if not ways(stack):
        yield _no_way(stack)
    yield from _nobody(stack)


def _no_way(stack: StackSettings) -> Finding:
    why = (
        "the API server is private and its network is made with it, so no machine could reach it to apply what is "
        "inside the cluster"
    )
    remedy = (
        f"choose one: `runnerSubnet: <a part of addressSpace, such as its last /27>` under {stack.key('network')}, for "
        "machines that run `pulumi up`; `peerings: [{network: <id of the network they are in>}]` there; "
        "`network.existing` with subnets of your own; `apiServer: {vnetIntegration: true}` with "
        f"`network.apiServerSubnet`; `inside: later` under {stack.key('cluster')}, which makes Azure's half now and leaves "
        "the inside to an `up` from where the API server can be reached; or `apiServer: {access: ip-restricted}`"
    )
    return Finding(stack.key("cluster.apiServer.access"), why, remedy)


def _nobody(stack: StackSettings) -> Iterator[Finding]:
    cluster = stack.cluster
    if any(map(holds_somebody, (*cluster.deployers, *cluster.break_glass))):
        return
    why = (
        "no group that may apply what is inside the cluster has a member: each would be created empty, and `up` would "
        "be refused (403) half-way"
    )
    remedy = (
        "add `deployers: [{name: <group>, members: [<object id>]}]` and `bootstrap: true`, with the object id of who "
        f"runs `up` (of a person: {WHO}), or `objectId` of a group that exists"
    )
    yield Finding(stack.key("cluster.deployers"), why, remedy)
