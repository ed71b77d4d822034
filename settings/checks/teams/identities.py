"""Identities in Azure of the teams' service accounts: each account has one, and no identity is shared by teams."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated


def check(draft: Draft) -> Iterator[Finding]:
    """Yield accounts with two identities, accounts that Kubernetes makes, identities of two teams, roles given twice."""
    owners: dict[str, tuple[str, str]] = {}
    for path, team in draft.teams.items():
        accounts = [
            (f"{path}.identities[{i}].serviceAccount", one.service_account)
            for i, one in enumerate(team.identities)
        ]
        for place, account, first in repeated(accounts):
            why = f"the service account {account!r} has the identity of {first.rpartition('.')[0]} already"
            yield Finding(place, why, "give each identity a service account of its own")
        for place, account in accounts:
            if account == "default":
                why = "every pod of the namespace that names no account has `default`, and would have the identity with it"
                yield Finding(place, why, "name an account for the pods that need it")
        for index, one in enumerate(team.identities):
            place = f"{path}.identities[{index}]"
            given = [
                (f"{place}.access[{i}]", f"{each.role_id} {each.scope.lower()}")
                for i, each in enumerate(one.access)
            ]
            for again, _, first in repeated(given):
                yield Finding(again, f"{first} gives this already", "name each role and resource once")
            if not one.identity:
                continue
            first, owner = owners.setdefault(one.identity.lower(), (place, team.name))
            if first != place:
                whose = f"of the team {owner}" if owner != team.name else "of another service account"
                why = f"it is the identity {whose} ({first}), and each would act with the other's roles"
                yield Finding(
                    f"{place}.identity", why, "name an identity of its own, or remove the key to create one"
                )
