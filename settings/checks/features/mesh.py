"""The service mesh."""

from collections.abc import Iterator

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.words import repeated

PATH = "secure-aks:cluster.mesh"


def check(draft: Draft) -> Iterator[Finding]:
    """Yield what is said twice, and certificates that nobody fetches."""
    if not draft.cluster or not (mesh := draft.cluster.mesh):
        return
    for key, values in (("revisions", mesh.revisions), ("ingressGateways", mesh.ingress_gateways)):
        places = [(f"{PATH}.{key}[{index}]", value) for index, value in enumerate(values)]
        for place, value, _ in repeated(places):
            yield Finding(place, f"{value} is named twice", "name each once")
    if mesh.authority and not draft.cluster.addons.key_vault_secrets:
        why = "Istio reads its certificates by the Key Vault provider, and the cluster has none"
        remedy = "add `keyVaultSecrets: {}` under secure-aks:cluster.addons"
        yield Finding(f"{PATH}.authority", why, remedy)
