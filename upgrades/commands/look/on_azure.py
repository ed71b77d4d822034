"""Clusters as Azure has them, whoever made them: the options that name them, and what is seen of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from upgrades.check.values import Observed, Unseen
from upgrades.commands.common import fail, region_catalog
from upgrades.observe.azure.clusters import observe, observe_one
from upgrades.observe.azure.ids import parts_of
from upgrades.observe.errors import AzureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from secure_aks_lifecycle.facts.catalog import Catalog

    from upgrades.observe.azure.reader import Azure

Subscriptions = Annotated[
    list[str] | None,
    typer.Option(
        "--subscription",
        help="Ask Azure about every cluster of this subscription instead of the stacks; repeat it for several.",
    ),
]
ResourceGroup = Annotated[
    str | None, typer.Option("--resource-group", help="Only this resource group of the subscription.")
]
Clusters = Annotated[
    list[str] | None,
    typer.Option(
        "--cluster",
        metavar="ID",
        help="Ask Azure about the cluster of this resource id, whoever made it; repeat it for several.",
    ),
]
HOW = "az aks show --resource-group <group> --name <cluster> --query id --output tsv"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was named on the command line: subscriptions, one of their resource groups, or clusters by their resource ids."""

    subscriptions: Sequence[str] = ()
    resource_group: str | None = None
    clusters: Sequence[str] = ()

    def __bool__(self) -> bool:
        """Whether Azure is to be asked, and not the stacks."""
        return bool(self.subscriptions or self.clusters)


@dataclass(frozen=True, slots=True)
class Seen:
    """One cluster, the subscription that tells of it, and the versions of its region."""

    azure: Azure
    cluster: Observed
    catalog: Catalog


def asked(
    stack: Sequence[str] | None,
    subscription: Sequence[str] | None,
    resource_group: str | None,
    cluster: Sequence[str] | None,
) -> Asked:
    """Return what was named. Ends the command where it does not go together, or an id is none."""
    if subscription and stack:
        fail("--subscription asks Azure, --stack asks stacks: give one of them", code=2)
    if cluster and (stack or subscription):
        fail("--cluster names the clusters: give no --stack and no --subscription beside it", code=2)
    if subscription and not all(one.strip() for one in subscription):
        why = "an empty one was given (an empty variable?); name one by its id: az account show --query id --output tsv"
        fail(f"--subscription: {why}", code=2)
    if resource_group and not subscription:
        fail("--resource-group goes with --subscription", code=2)
    for one in cluster or ():
        if not {"subscriptions", "resourcegroups", "managedclusters"} <= parts_of(one).keys():
            fail(
                f"--cluster {one}: this is no resource id of a cluster; it is what this prints: {HOW}", code=2
            )
    return Asked(_once(subscription), resource_group, _once(cluster))


def _once(ids: Sequence[str] | None) -> tuple[str, ...]:
    """Return each id once, as it was written first: to Azure capitals in it mean nothing."""
    found: dict[str, str] = {}
    for one in ids or ():
        found.setdefault(one.strip().rstrip("/").lower(), one)
    return tuple(found.values())


def seen(named: Asked) -> Iterator[Seen | Unseen]:
    """Yield every cluster that was named, or why it cannot be seen."""
    from upgrades.observe.azure.reader import Azure  # noqa: PLC0415  # loads the Azure SDK

    catalogs: dict[tuple[str, str], Catalog] = {}
    for where in named.subscriptions or named.clusters:
        try:
            azure = Azure(parts_of(where).get("subscriptions", where))
            found = (
                observe(azure, named.resource_group) if named.subscriptions else [observe_one(azure, where)]
            )
        except AzureError as error:
            what = f"subscription {where}" if named.subscriptions else where.rpartition("/")[2]
            yield Unseen(what, where, str(error))
            continue
        for one in found:
            if isinstance(one, Unseen):
                yield one
                continue
            place = (azure.subscription, one.location)
            if place not in catalogs:
                catalogs[place] = region_catalog(azure, one.location)
            yield Seen(azure, one, catalogs[place])
