"""The platform's controllers: what serves every team and so may do what no team may."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from settings.fields.base import Words, matching, refused
from settings.fields.types import DnsLabel
from settings.sections.base import Section
from settings.sections.openings import Openings

_IMAGE = re.compile(r"[a-z0-9.-]+[.:][a-z0-9.:-]*/([a-z0-9._/-]+)?[a-z0-9_/:@-]")
_ROLE = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_.:]*[*]?")
_LEAST_LETTERS = 3

Right = Literal[
    "read-secrets",
    "write-secrets",
    "run-pods",
    "bind-pods",
    "exec-pods",
    "change-webhooks",
    "change-api-services",
    "change-endpoints",
    "change-namespaces",
    "change-limits",
    "change-nodes",
    "change-cluster-objects",
    "change-leases",
    "change-config-maps",
    "change-volumes",
    "change-roles",
    "create-tokens",
    "impersonate",
    "sign-certificates",
    "wildcards",
    "reach-nodes",
    "reach-services",
    "gather-roles",
    "steer-controllers",
    "cluster-admin",
    "no-limits",
    "host-paths",
    "host-network",
    "every-node",
    "root",
    "privileged",
    "unconfined",
]
"""The rights that the security pack knows; docs/policies-security.md says from which rules each is let off."""


def _role(value: str) -> str:
    if _ROLE.fullmatch(value) and (not value.endswith("*") or sum(map(str.isalnum, value)) >= _LEAST_LETTERS):
        return value
    raise refused(
        f"{value!r} names no roles of a controller",
        f"write the name, or its beginning of {_LEAST_LETTERS} letters at least, such as cert-manager-controller-*",
    )


def _words(value: str) -> str:
    if value.strip():
        return value
    raise refused("nobody would know", "write it out")


def _image(value: str) -> str:
    if _IMAGE.fullmatch(value) and value.endswith(("/", ":", "@")):
        return value
    raise refused(
        f"{value!r} is not the beginning of an image's name",
        "write registry and path up to and including a slash, a colon or an @, such as quay.io/jetstack/",
    )


RoleNames = Annotated[str, AfterValidator(_role), Words("the name of a role, or its beginning and a *")]
ImagePrefix = Annotated[
    str,
    AfterValidator(_image),
    Words("the beginning of an image's name, such as quay.io/jetstack/"),
]
Said = Annotated[str, AfterValidator(_words)]
AccountName = Annotated[
    str,
    matching(
        re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"),
        "the name of a service account",
        "use at most 253 of a-z, 0-9, '-' and '.', a letter or digit first and last and beside each dot",
    ),
    Words("the name of a service account"),
]


class ServiceAccount(Section):
    """A service account of a controller, and what it may do that the rules refuse everybody else."""

    name: AccountName
    """Its name."""
    roles: tuple[RoleNames, ...] = ()
    """Its ClusterRoles, and Roles in the controller's namespace; nobody else may be bound to these ClusterRoles."""
    rights: tuple[Right, ...] = ()
    """What its roles and pods may be let do."""


class Controller(Section):
    """A controller of the platform, such as ingress-nginx: without an end date, but with a reason and an owner."""

    name: DnsLabel
    """Its name."""
    namespace: DnsLabel = Field(default_factory=lambda data: str(data.get("name", "")))
    """Its namespace, which the stack makes; the controller's name unless set."""
    owner: Said
    """Who answers for it."""
    reason: Said
    """What it is for, for those who read it later."""
    images: Annotated[tuple[ImagePrefix, ...], Field(min_length=1)]
    """Where its images come from: its pods run these and no other."""
    service_accounts: Annotated[tuple[ServiceAccount, ...], Field(min_length=1)]
    """Its service accounts."""
    pod_security: Literal["restricted", "baseline", "privileged"] = "restricted"
    """Pod Security Standard that its namespace enforces."""
    public_address: bool = False
    """Whether its Services may have a public address."""
    ingress: Openings = ()
    """From whom its pods take traffic; from nobody else but each other."""
    egress: Openings = ()
    """Whom its pods may reach, beside each other and the DNS."""
