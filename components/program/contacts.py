"""Where Defender's alerts go, said at every preview."""

import json

import pulumi

from settings.sections.stack import StackSettings

_API = "2023-12-01-preview"


def check_contacts(stack: StackSettings) -> None:
    """Say where Defender's alerts go, which no stack of ours can set: the contact is one to a subscription.

    A stack that set it would take it from all others in there. Source: Azure documentation, "Configure email notifications for
    alerts and attack paths" (Defender for Cloud), and the REST API of securityContacts.
    """
    contacts = stack.cluster.monitoring.contacts
    if contacts and stack.cluster.defender and not stack.cluster.existing:
        pulumi.log.info(
            "Microsoft Defender's alerts go to the security contact of the subscription, which all in it share, so no stack"
            f" sets it: look with `az rest --method get --url {_url()}`, and where it is nobody's, set it with"
            f" `az rest --method put --url {_url()} --body '{_body(contacts.emails)}'`"
        )


def _url() -> str:
    return f'"/subscriptions/{{subscriptionId}}/providers/Microsoft.Security/securityContacts/default?api-version={_API}"'


def _body(emails: tuple[str, ...]) -> str:
    properties = {
        "isEnabled": True,
        "emails": ";".join(sorted(emails)) or "<address>",
        "notificationsByRole": {"state": "On", "roles": ["Owner"]},
        "notificationsSources": [{"sourceType": "Alert", "minimalSeverity": "Medium"}],
    }
    return json.dumps({"properties": properties})
