"""AKS's own ingress controller."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from settings.fields.azure import Azure
from settings.fields.base import Words, refused
from settings.fields.ids import is_of_type, well_named
from settings.sections.base import Section

_I = "ingressProfile.webAppRouting."


def _zone(value: str) -> str:
    if any(is_of_type(value, "Microsoft.Network", kind) for kind in ("dnszones", "privateDnsZones")):
        return well_named(value)
    raise refused(
        f"{value!r} is not the resource id of a DNS zone",
        "write /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/dnszones/<name>, or privateDnsZones",
    )


ZoneId = Annotated[str, AfterValidator(_zone), Words("the resource id of a DNS zone")]


class WebAppRouting(Section):
    """The application routing add-on: an NGINX ingress controller that AKS keeps, with certificates of Key Vault."""

    default_controller: Annotated[
        Literal["Internal", "External", "AnnotationControlled", "None"],
        Azure(f"{_I}nginx.defaultIngressControllerType"),
    ] = "Internal"
    """Where the default controller is reached: `Internal` in the network, `External` on the internet; `None` makes no default one."""
    dns_zones: Annotated[tuple[ZoneId, ...], Field(max_length=5), Azure(f"{_I}dnsZoneResourceIds")] = ()
    """DNS zones, at most five, all public or all private, in which hosts of Ingresses get their records; the add-on's identity gets the role for it."""
