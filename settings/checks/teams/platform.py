"""The platform's controllers: names, namespaces, accounts, and rights that fit together."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.teams.basics import RESERVED, RESERVED_PREFIXES
from settings.sections.platform import Controller, ServiceAccount
from settings.words import repeated

_RESERVED = RESERVED - {"flux-system"}
"""Flux may be a controller of the platform, where AKS's own is not there."""
_BUILT_IN = ("cluster-admin", "admin", "edit", "view")
_ASKS = "system:auth-delegator"
"""By which a program asks the API server who somebody is, and what they may do."""
# What Pod Security lets no pod do below privileged, and below baseline.
_NEEDS_PRIVILEGED = ("host-paths", "host-network", "privileged", "unconfined")
_NEEDS_BASELINE = ("root",)
_OF_PODS = ("no-limits", "every-node", *_NEEDS_PRIVILEGED, *_NEEDS_BASELINE)
_OF_BINDINGS = ("cluster-admin",)


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what is wrong with the controllers of the platform."""
    yield from _twice(draft)
    named = draft.admission.system_namespaces if draft.admission else ()
    for path, controller in draft.platform.items():
        yield from _namespace(path, controller, named)
        yield from _pod_security(path, controller)
        accounts = [
            (f"{path}.serviceAccounts[{index}]", one) for index, one in enumerate(controller.service_accounts)
        ]
        images = [(f"{path}.images[{index}]", image) for index, image in enumerate(controller.images)]
        for place, image, _ in repeated(images):
            yield Finding(place, f"{image!r} is in the list already", "remove one")
        for place, name, _ in repeated((f"{place}.name", one.name) for place, one in accounts):
            yield Finding(place, f"the service account {name!r} is named twice", "name each account once")
        for place, one in accounts:
            yield from _account(place, one)


def _twice(draft: Draft) -> Iterator[Finding]:
    """Yield names and namespaces that two have, teams among them: an opening names either."""
    both = [*draft.teams.items(), *draft.platform.items()]
    for kind, entries in (
        ("name", [(f"{path}.name", one.name) for path, one in both]),
        ("namespace", [(f"{path}.namespace", one.namespace) for path, one in both]),
    ):
        names = {path.rpartition(".")[0] for path, _, _ in repeated((f"{p}.name", o.name) for p, o in both)}
        for path, value, first in repeated(entries):
            if not path.startswith("secure-aks:platform"):
                continue  # said of the teams already
            if kind == "namespace" and path.rpartition(".")[0] in names:
                continue
            yield Finding(
                path, f"the {kind} {value!r} is taken by {first}", f"give the controller a {kind} of its own"
            )


def _namespace(path: str, controller: Controller, named: tuple[str, ...]) -> Iterator[Finding]:
    key = "namespace" if "namespace" in controller.model_fields_set else "name"
    if controller.namespace in _RESERVED or controller.namespace.startswith(RESERVED_PREFIXES):
        why = f"the namespace {controller.namespace!r} belongs to Kubernetes, AKS or this project"
        yield Finding(f"{path}.{key}", why, "choose a namespace of the controller's own")
    elif controller.namespace in named:
        why = f"{controller.namespace!r} is in secure-aks:admission.systemNamespaces, where no rule holds and nothing needs a right"
        yield Finding(f"{path}.{key}", why, "take it out of there")


def _pod_security(path: str, controller: Controller) -> Iterator[Finding]:
    rights = {right for account in controller.service_accounts for right in account.rights}
    above = sorted(rights.intersection(_NEEDS_PRIVILEGED))
    level = controller.pod_security
    if above and level != "privileged":
        why = f"Pod Security {level} refuses what the right {above[0]} is for"
        yield Finding(f"{path}.podSecurity", why, "write `podSecurity: privileged`, or remove the right")
    elif rights.intersection(_NEEDS_BASELINE) and level == "restricted":
        yield Finding(
            f"{path}.podSecurity",
            "Pod Security restricted refuses pods that run as root",
            "write `podSecurity: baseline`, or remove the right root",
        )
    elif level == "privileged" and not above:
        why = f"no account has a right that needs it ({', '.join(_NEEDS_PRIVILEGED)})"
        yield Finding(f"{path}.podSecurity", why, "write `podSecurity: baseline`, or remove the key")


def _account(path: str, account: ServiceAccount) -> Iterator[Finding]:
    if account.name == "default":
        why = "every pod that names no account has this one"
        yield Finding(f"{path}.name", why, "name an account of the controller's own")
    for index, role in enumerate(account.roles):
        met = [name for name in _BUILT_IN if fnmatchcase(name, role)]
        if met or (role.startswith("system:") and role != _ASKS):
            why = f"{role!r} is, or takes in, the role {met[0] if met else role} of Kubernetes itself"
            remedy = (
                "write the right cluster-admin"
                if role == "cluster-admin"
                else "name the controller's own roles"
            )
            yield Finding(f"{path}.roles[{index}]", why, remedy)
    for place, right, _ in repeated((f"{path}.rights[{i}]", right) for i, right in enumerate(account.rights)):
        yield Finding(place, f"the right {right} is named twice", "name each right once")
    needing = [right for right in account.rights if right not in {*_OF_PODS, *_OF_BINDINGS}]
    if needing and not account.roles:
        why = f"the right {needing[0]} is about roles, and the account names none"
        yield Finding(f"{path}.roles", why, "name its roles, such as cert-manager-controller-*")
