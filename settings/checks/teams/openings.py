"""What namespaces open in their network: to whom, and whether the other side opens too."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from settings.checks.draft import Draft
from settings.checks.finding import Finding
from settings.checks.pools.labels import key_findings, value_findings
from settings.sections.openings import Opening
from settings.sections.platform import Controller
from settings.sections.teams import Team
from settings.words import did_you_mean, repeated

_OTHER = {"ingress": "egress", "egress": "ingress"}
_AZURE = (IPv4Network("169.254.0.0/16"), IPv4Network("168.63.129.16/32"))
Owner = Team | Controller


def check(draft: Draft) -> Iterator[Finding]:
    """Yield openings that name nobody, nothing, or a side that stays shut."""
    owners: dict[str, Owner] = {**draft.platform, **draft.teams}
    for path, owner in owners.items():
        for place, direction, opening in _openings_of(path, owner):
            wrong = list(_form(place, opening))
            yield from wrong or _Side(owner, direction, owners).findings(place, opening, draft)
        said = [
            (place, f"{way} {opening.model_dump_json()}") for place, way, opening in _openings_of(path, owner)
        ]
        for place, _, first in repeated(said):
            yield Finding(place, f"{first} says the same", "remove one of them")


def _openings_of(path: str, owner: Owner) -> Iterator[tuple[str, str, Opening]]:
    for direction in _OTHER:
        for index, opening in enumerate(_openings(owner, direction)):
            yield f"{path}.{direction}[{index}]", direction, opening


def _openings(owner: Owner, direction: str) -> tuple[Opening, ...]:
    return owner.ingress if direction == "ingress" else owner.egress


def _form(place: str, opening: Opening) -> Iterator[Finding]:
    given = [key for key in ("name", "namespace", "range") if getattr(opening, key) is not None]
    if len(given) != 1:
        why = f"it has {' and '.join(given)}" if given else "nobody is named"
        yield Finding(place, why, "write one of `name`, `namespace` and `range`")
    for path, port, _ in repeated((f"{place}.ports[{i}]", str(port)) for i, port in enumerate(opening.ports)):
        yield Finding(path, f"the port {port} is named twice", "name each port once")
    for key, value in opening.pods.items():
        yield from key_findings(f"{place}.pods.{key}", key, "label", reserved=())
        yield from value_findings(f"{place}.pods.{key}", value, "label")


def _range(place: str, opening: Opening, draft: Draft) -> Iterator[Finding]:
    if opening.range is None:
        return
    for azure in _AZURE:
        if opening.range.subnet_of(azure):
            why = f"{opening.range} is Azure's own: from there a pod would take the node's identity"
            yield Finding(f"{place}.range", why, "remove the opening; pods get an identity of their own")
    for cidr in draft.cluster.inner_ranges if draft.cluster else ():
        if opening.range.subnet_of(cidr):
            why = f"{opening.range} lies in the cluster's own {cidr}, and there an address belongs to a pod for its life alone"
            yield Finding(f"{place}.range", why, "write `name` or `namespace`")


class _Side:
    """One namespace's openings of one direction, beside those of the whole stack."""

    def __init__(self, owner: Owner, direction: str, owners: Mapping[str, Owner]) -> None:
        self._owner = owner
        self._other = _OTHER[direction]
        self._owners = owners
        self._namespaces = {one.name: one.namespace for one in owners.values()}

    def findings(self, place: str, opening: Opening, draft: Draft) -> Iterator[Finding]:
        """Yield what is wrong with an opening that says whom it is for."""
        yield from _range(place, opening, draft)
        peer = self._peer(opening)
        if opening.name and peer is None and draft.complete:
            why = f"there is no team and no platform controller {opening.name!r}"
            yield Finding(f"{place}.name", why, did_you_mean(opening.name, self._namespaces))
        elif peer == self._owner.namespace:
            key = "name" if opening.name else "namespace"
            yield Finding(f"{place}.{key}", "within the namespace all traffic is open", "remove the opening")
        elif draft.complete:
            yield from self._shut(place, opening, peer)

    def _peer(self, opening: Opening) -> str | None:
        return self._namespaces.get(opening.name) if opening.name else opening.namespace

    def _shut(self, place: str, opening: Opening, peer: str | None) -> Iterator[Finding]:
        """Yield that a namespace of this stack does not open the same ports towards this one."""
        for path, one in self._owners.items():
            if one.namespace != peer:
                continue
            towards = [
                back
                for back in _openings(one, self._other)
                if self._peer(back) == self._owner.namespace and back.protocol == opening.protocol
            ]
            if missing := set(opening.ports).difference(*(set(back.ports) for back in towards)):
                ports = ", ".join(map(str, sorted(missing)))
                protocol = "" if opening.protocol == "TCP" else f", protocol: {opening.protocol}"
                why = f"{one.namespace} has no {self._other} for it, so nothing passes"
                remedy = (
                    f"add `{{name: {self._owner.name}, ports: [{ports}]{protocol}}}` to {path}.{self._other}"
                )
                yield Finding(place, why, remedy)
