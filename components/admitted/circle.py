"""Who may apply a stack, and whether somebody who is refused only has to wait."""

from collections.abc import Mapping
from dataclasses import dataclass

from settings.sections.cluster import Cluster

from .ask import Answer

_HOW = (
    "az ad signed-in-user show --query id --output tsv, or of a pipeline "
    "az ad sp show --id <client id> --query id --output tsv"
)


@dataclass(frozen=True)
class Circle:
    """The stack's groups that may apply, now or later, as far as their object ids are known: names by these.

    `has_rights` says whether an earlier `up` has given the deployers their role; until then they need `bootstrap`.
    """

    cluster: Cluster
    groups: Mapping[str, str]
    has_rights: bool

    @property
    def admitting(self) -> dict[str, str]:
        """The groups that the API server lets apply in this `up`."""
        left_out = set[str]() if self._deployers_may else {group.name for group in self.cluster.deployers}
        return {id_: name for id_, name in self.groups.items() if name not in left_out}

    @property
    def names(self) -> list[str]:
        """All of the groups that the API server lets apply in this `up`, their ids known or not."""
        deployers = self.cluster.deployers if self._deployers_may else ()
        return [group.name for group in (*self.cluster.break_glass, *deployers)]

    @property
    def must_apply(self) -> bool:
        """Whether this `up` has the inside of the cluster to make, so that whoever is refused cannot go on."""
        return not self.has_rights

    @property
    def _deployers_may(self) -> bool:
        return self.cluster.bootstrap or self.has_rights

    def hopeless(self, answer: Answer, before: Answer | None) -> str | None:
        """Return why waiting will not let in whoever was refused, with what to do; None where it may be Entra's delay.

        `before` is the answer to the last question, None at the first. A token that names a group which may apply has
        arrived: then it is the API server that is behind. One with too many groups names none (the claim `_claim_names`).
        """
        claims = answer.claims
        in_groups = {str(one).lower() for one in claims.get("groups") or ()}
        if in_groups & self.admitting.keys():
            return None
        who = str(claims.get("oid", "")).lower()
        if who in self._members:
            return _kept(answer, before)
        if not self._deployers_may and (
            who in _members(self.cluster, "deployers") or in_groups & self.groups.keys()
        ):
            return (
                "a new cluster lets in nobody but its administrators, and the deployers have no role in it yet: write "
                "`bootstrap: true` under secure-aks:cluster for the first up"
            )
        # Who is in a group that exists, or in too many for a token, is Entra's to say.
        if self.must_apply and (self._existing or "_claim_names" in claims or claims.get("hasgroups")):
            return None
        return (
            f"{who or 'whoever is logged in'} is in none of the groups that may apply: {' or '.join(self.names) or 'there is none'}. "
            f"Write this object id under `members` of a group in secure-aks:cluster.deployers, or log in as one of theirs ({_HOW})"
        )

    @property
    def _members(self) -> set[str]:
        lists = ["break_glass", *(["deployers"] if self._deployers_may else [])]
        return {one for name in lists for one in _members(self.cluster, name)}

    @property
    def _existing(self) -> bool:
        named = [group for group in (*self.cluster.break_glass, *self.cluster.deployers) if group.object_id]
        return any(str(group.object_id).lower() in self.admitting for group in named)


def _members(cluster: Cluster, groups: str) -> set[str]:
    return {str(member).lower() for group in getattr(cluster, groups) for member in group.members}


def _kept(answer: Answer, before: Answer | None) -> str | None:
    """Return what to do about a token that was made before the membership and is handed out again and again."""
    if before is None or answer.claims.get("iat") is None or answer.claims["iat"] != before.claims.get("iat"):
        return None
    return (
        "the login hands out a token that it keeps, and that one was made before the group had its member: "
        "`az logout`, `az login`, and `up` again"
    )
