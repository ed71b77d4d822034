"""The service mesh."""

import re
from typing import Annotated, Literal

from pydantic import Field

from settings.fields.azure import Azure
from settings.fields.base import Words, matching
from settings.sections.base import Section
from settings.sections.features.encryption import VaultId

_S = "serviceMeshProfile.istio."
_C = f"{_S}certificateAuthority.plugin."
_REVISION = re.compile(r"asm-[1-9]-[0-9]{1,2}")

Revision = Annotated[
    str,
    matching(_REVISION, "a revision of the Istio add-on", "write one such as asm-1-29"),
    Words("a revision such as asm-1-29"),
]
ObjectName = Annotated[str, Field(pattern=r"^[-A-Za-z0-9]{1,127}$")]


class MeshAuthority(Section):
    """Certificates of your own authority, as secrets of a key vault, in place of one that Istio makes."""

    vault: Annotated[VaultId, Azure(f"{_C}keyVaultId")]
    """Resource id of the vault."""
    certificate: Annotated[ObjectName, Azure(f"{_C}certObjectName")]
    """Name of the secret with the intermediate certificate."""
    key: Annotated[ObjectName, Azure(f"{_C}keyObjectName")]
    """Name of the secret with its private key."""
    root: Annotated[ObjectName, Azure(f"{_C}rootCertObjectName")]
    """Name of the secret with the root certificate."""
    chain: Annotated[ObjectName, Azure(f"{_C}certChainObjectName")]
    """Name of the secret with the chain."""


class Mesh(Section):
    """Istio, kept by AKS: pods talk to each other encrypted and by identity.

    A sidecar redirects its pod's traffic in an init container with NET_ADMIN, which no namespace of a team takes, unless Istio's CNI does it
    (`az aks mesh enable-istio-cni`, in preview, and in no API version that is used here).
    """

    revisions: Annotated[tuple[Revision, ...], Field(min_length=1, max_length=2), Azure(f"{_S}revisions")]
    """The revision; two while one follows the other."""
    ingress_gateways: Annotated[
        tuple[Literal["Internal", "External"], ...],
        Azure(f"{_S}components.ingressGateways[].mode"),
        Azure(f"{_S}components.ingressGateways[].enabled", value=True),
    ] = ()
    """Gateways into the mesh: `Internal` in the network, `External` on the internet."""
    authority: MeshAuthority | None = None
    """Certificates of your own authority; needs `addons.keyVaultSecrets`."""
