"""Who is told when an alert of this stack fires."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from settings.sections.features.monitoring import Contacts

from .parts.token_resource import TokenResource

_SHORT_NAME = 12
"""Characters of the name in the subject of e-mails (Azure documentation, "Action groups")."""


@dataclass(frozen=True)
class AlertContactsArgs:
    """The contacts of a stack file, and the cluster that they are told of."""

    resource_group_name: pulumi.Input[str]
    cluster_name: str
    contacts: Contacts
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class AlertContacts(pulumi.ComponentResource):
    """The action groups that alerts of the cluster go to: one made of e-mail addresses, one that exists, or both."""

    action_groups: list[pulumi.Input[str]]
    """Resource ids of the action groups."""

    def __init__(
        self, name: str, args: AlertContactsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("secure-aks:index:AlertContacts", name, None, opts)
        brought = args.contacts.action_group
        self.action_groups = [brought] if brought else []
        if args.contacts.emails:
            self.action_groups.append(self._made(args))
        self.register_outputs({"actionGroups": self.action_groups})

    def _made(self, args: AlertContactsArgs) -> pulumi.Output[str]:
        group = {
            "resourceGroupName": args.resource_group_name,
            "actionGroupName": f"ag-{args.cluster_name}",
            "groupShortName": args.cluster_name[:_SHORT_NAME],
            # Where it is kept does not say where alerts come from; Global is not bound to one region's health.
            "location": "Global",
            "enabled": True,
            "emailReceivers": [
                {"name": f"contact-{index}", "emailAddress": email, "useCommonAlertSchema": True}
                for index, email in enumerate(sorted(args.contacts.emails), start=1)
            ],
            "tags": dict(args.tags),
        }
        child = pulumi.ResourceOptions(parent=self)
        return TokenResource("azure-native:monitor:ActionGroup", "alerts", group, child).id


def action_groups(
    args: AlertContactsArgs | None, opts: pulumi.ResourceOptions | None = None
) -> list[pulumi.Input[str]]:
    """Return the action groups of a stack's contacts; none for a stack without any."""
    return AlertContacts("contacts", args, opts).action_groups if args else []
