"""What a stack adds of Azure's own properties: named at every preview, because no check of the settings knows them."""

from collections.abc import Iterator

from settings.checks.extra.taken import leaves
from settings.sections.stack import StackSettings


def not_ours(settings: StackSettings) -> Iterator[str]:
    """Yield a line for each `extra` and each `adopted` that says something."""
    extras = {"cluster": settings.cluster.extra, "network": settings.network.extra}
    extras |= {f"pool {pool.name}": pool.extra for pool in settings.all_pools}
    for what, extra in extras.items():
        if names := ", ".join(name for name, _ in leaves(extra)):
            yield f"not ours: the {what} has {names} from its `extra`; the policy packs judge it, the settings do not"
    adopted = {"cluster": settings.cluster.adopted} | {
        f"pool {pool.name}": pool.adopted for pool in settings.all_pools
    }
    for what, kept in adopted.items():
        if names := ", ".join(name for name, _ in leaves(kept)):
            yield f"adopted: the {what} keeps {names} as it was made elsewhere, which Azure cannot change"
