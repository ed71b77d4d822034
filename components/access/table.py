"""The declared access of a stack as one table."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from settings.sections.stack import StackSettings

from .roles import role_rules


class AccessRow(NamedTuple):
    """These verbs on one resource, for the members of one group, in one namespace."""

    group: str
    object_id: str | None
    """Entra's id of the group; None for one that the stack creates."""
    namespace: str
    role: str
    api_group: str
    resource: str
    verbs: tuple[str, ...]
    resource_names: tuple[str, ...] = ()


class PlatformRow(NamedTuple):
    """What one service account of a platform controller may do that the rules refuse everybody else."""

    account: str
    """As the API server and its audit log call it: system:serviceaccount:<namespace>:<name>."""
    controller: str
    owner: str
    reason: str
    rights: tuple[str, ...]
    roles: tuple[str, ...]
    images: tuple[str, ...]
    namespace: str
    public_address: bool


def platform_table(settings: StackSettings) -> list[PlatformRow]:
    """Return the service accounts of the platform's controllers."""
    return [
        PlatformRow(
            f"system:serviceaccount:{one.namespace}:{account.name}",
            one.name,
            one.owner,
            one.reason,
            account.rights,
            account.roles,
            one.images,
            one.namespace,
            one.public_address,
        )
        for one in settings.platform
        for account in one.service_accounts
    ]


def platform_data(settings: StackSettings) -> list[dict[str, Any]]:
    """Return the table of the platform's accounts as plain data."""
    return [
        {
            "account": row.account,
            "namespace": row.namespace,
            "controller": row.controller,
            "owner": row.owner,
            "reason": row.reason,
            "rights": list(row.rights),
            "roles": list(row.roles),
            "images": list(row.images),
            "publicAddress": row.public_address,
        }
        for row in platform_table(settings)
    ]


def access_table(settings: StackSettings) -> list[AccessRow]:
    """Return what the groups of every team may do, one row for each group and resource; nothing else is allowed.

    The break-glass groups of the cluster are not in it: they may do everything.
    """
    return list(_rows(settings))


def _rows(settings: StackSettings) -> Iterator[AccessRow]:
    for team in settings.teams:
        for group in team.groups:
            verbs: dict[tuple[str, str, tuple[str, ...]], dict[str, None]] = {}
            for rule in role_rules(team.custom_roles, group.role, is_prod=settings.environment == "prod"):
                for resource in rule.resources:
                    key = (rule.api_group, resource, rule.resource_names)
                    verbs.setdefault(key, {}).update(dict.fromkeys(rule.verbs))
            for (api_group, resource, names), allowed in verbs.items():
                yield AccessRow(
                    group.name,
                    group.object_id,
                    team.namespace,
                    group.role,
                    api_group,
                    resource,
                    tuple(allowed),
                    names,
                )


def access_data(settings: StackSettings, ids: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the table as plain data, for the stack's outputs and for `--format json`.

    `ids` are the object ids of the groups, by name, where they are known: those that the stack created have one too.
    """
    known = ids or {}
    return [
        {
            "group": row.group,
            "objectId": known.get(row.group, row.object_id),
            "namespace": row.namespace,
            "role": row.role,
            "apiGroup": row.api_group,
            "resource": row.resource,
            "verbs": list(row.verbs),
            "resourceNames": list(row.resource_names),
        }
        for row in access_table(settings)
    ]
