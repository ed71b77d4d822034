"""What a team's pods may do in Azure: an identity that one service account has, and roles of it."""

import hashlib
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from settings.facts.data_files import read
from settings.fields.base import Words, refused
from settings.fields.id_names import GUID, type_of
from settings.fields.ids import IdentityId, well_named
from settings.fields.types import DnsLabel
from settings.sections.base import Section
from settings.words import did_you_mean

_LONGEST = 128


def _role(value: str) -> str:
    data = read("azure_roles")
    known, wide = data["roles"], data["tooWide"]
    for name, id_ in wide.items():
        if value.lower() in {name.lower(), id_}:
            why = f"{name} gives more than a workload needs"
            if name != "Contributor":
                why = f"{name} gives itself and others every right"
            raise refused(why, "write a role for the data alone, such as Key Vault Secrets User")
    if value in known or GUID.fullmatch(value.lower()):
        return value
    raise refused(
        f"no role is called {value!r} here",
        f"{did_you_mean(value, known)} (any other goes by its id: `az role definition list --name <name> --query [].name`)",
    )


def _scope(value: str) -> str:
    if type_of(value):
        return well_named(value)
    inside = re.fullmatch(
        r"/(subscriptions/[^/]+(/resourceGroups/[^/]+)?|providers/.*)/?", value, re.IGNORECASE
    )
    why = (
        f"{value} holds more than one resource, and whatever is made there later"
        if inside
        else f"{value!r} is not the resource id of anything"
    )
    raise refused(
        why,
        "write the id of one resource, such as /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<name>",
    )


class Access(Section):
    """A role at one resource."""

    role: Annotated[str, AfterValidator(_role), Words("the name of a built-in role, or a role's id (GUID)")]
    """Name of a built-in role, such as Key Vault Secrets User, or the id of any other; none that gives rights to others."""
    scope: Annotated[str, AfterValidator(_scope), Words("a resource id")]
    """Resource id of what it is for; no resource group and no subscription."""

    @property
    def role_id(self) -> str:
        """The role's id."""
        return read("azure_roles")["roles"].get(self.role, self.role.lower())


class WorkloadIdentity(Section):
    """An identity in Azure for the pods of one service account of the team, without a secret."""

    service_account: DnsLabel
    """Service account to make in the team's namespace; pods that name it, with the label `azure.workload.identity/use: "true"`, log in."""
    identity: IdentityId | None = None
    """Identity that exists; created here unless set."""
    access: Annotated[tuple[Access, ...], Field(max_length=50)] = ()
    """What it may do, each at one resource."""

    def azure_name(self, cluster: str, namespace: str) -> str:
        """Return the name of the identity in Azure, 128 characters at most."""
        plain = f"id-{cluster}-{namespace}-{self.service_account}"
        if len(plain) <= _LONGEST:
            return plain
        return f"{plain[: _LONGEST - 9]}-{hashlib.sha256(plain.encode()).hexdigest()[:8]}"
