"""Whether anybody is told when an alert fires, said at every preview."""

import json

import pulumi

from settings.sections.stack import StackSettings

PATH = "cluster.monitoring.contacts"
_API = "2023-12-01-preview"


def check_contacts(stack: StackSettings) -> None:
    """Warn of a production stack whose alerts nobody gets, and say where Defender's alerts go.

    Defender's contact is one to a subscription: a stack that set it would take it from all others in there. So it is told.
    Source: Azure documentation, "Configure email notifications for alerts and attack paths" (Defender for Cloud), and the REST
    API of securityContacts.
    """
    if stack.cluster.existing:
        return
    contacts = stack.cluster.monitoring.contacts
    kinds = {
        "Microsoft Defender's": stack.cluster.defender,
        "managed Prometheus'": bool(stack.cluster.monitoring.alerts),
        "kured's in Azure": stack.node_updates.alerts_in_azure,
    }
    alerts = " and ".join(name for name, is_on in kinds.items() if is_on)
    if alerts and not contacts and stack.environment == "prod":
        pulumi.log.warn(
            f"{stack.key(PATH)}: no contact is named, so {alerts} alerts may fire and nobody here is told. Write"
            f" `contacts: {{emails: [<address>]}}` or `contacts: {{actionGroup: <resource id>}}` under {stack.key('cluster.monitoring')}."
        )
    if contacts and stack.cluster.defender:
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
