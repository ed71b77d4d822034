"""What all Windows pools share."""

import re
from typing import Annotated

from settings.fields.azure import Azure
from settings.fields.base import Words, matching
from settings.fields.types import Address
from settings.sections.base import Section

_W = "windowsProfile."
_USER = re.compile(
    r"(?!(?i:admin|administrator|guest|root|sys|test|user|user1|console|backup|support|owner)$)[A-Za-z][-\w]{0,19}"
)
_DOMAIN = re.compile(
    r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+", re.IGNORECASE
)

UserName = Annotated[
    str,
    matching(_USER, "a name that Windows takes for an administrator", "write one such as azureuser"),
    Words("a user name such as azureuser"),
]


class Gmsa(Section):
    """Group managed service accounts: Windows pods with an identity in Active Directory."""

    dns_server: Annotated[Address, Azure(f"{_W}gmsaProfile.dnsServer", "{}")]
    """Address of the domain's DNS server."""
    domain: Annotated[
        str,
        matching(_DOMAIN, "a domain", "write one such as corp.example.com"),
        Azure(f"{_W}gmsaProfile.rootDomainName"),
        Words("a domain such as corp.example.com"),
    ]
    """Root domain."""


class WindowsProfile(Section):
    """What all Windows pools share; set when the cluster is made where pools are to run Windows later."""

    admin_user: Annotated[UserName, Azure(f"{_W}adminUsername")] = "azureuser"
    """Name of the nodes' administrator; its password AKS makes, and nobody knows it."""
    hybrid_benefit: Annotated[
        bool, Azure(f"{_W}licenseType", values={True: "Windows_Server", False: "None"})
    ] = False
    """Licences of your own for Windows Server."""
    csi_proxy: Annotated[bool | None, Azure(f"{_W}enableCSIProxy")] = None
    """The CSI proxy, without which Windows pods have no volumes; AKS's own choice unless set."""
    gmsa: Annotated[Gmsa | None, Azure(f"{_W}gmsaProfile.enabled", value=True)] = None
    """Group managed service accounts."""
