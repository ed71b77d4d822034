"""Backups, Flux, Grafana, contacts, controllers: values that Azure, git or Kubernetes refuses, each in one clear line."""

import pytest

from tests.settings.helpers import Case, good, read, refuse

_ID = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers"
_GROUP = "521882d6-ab93-545d-872c-660e2997349e"
BACKUP = {
    "cluster.backup": {
        "vaultGroup": "rg-vault",
        "snapshotGroup": "rg-snapshots",
        "storageAccount": f"{_ID}/Microsoft.Storage/storageAccounts/backups",
        "container": "aks",
    }
}
GITOPS = {
    "cluster.gitops": {
        "repository": "https://github.com/contoso/fleet",
        "branch": "main",
        "kustomizations": [{"name": "base"}, {"name": "apps", "dependsOn": ["base"]}],
    }
}
SSH = {
    "cluster.gitops": GITOPS["cluster.gitops"]
    | {"repository": "ssh://git@github.com/contoso/fleet", "knownHosts": "github.com ssh-ed25519 AAAA"}
}
GRAFANA = {
    "cluster.monitoring.prometheus": {"workspace": f"{_ID}/Microsoft.Monitor/accounts/metrics"},
    "cluster.monitoring.grafana": {"name": "contoso", "viewers": [{"name": "all", "objectId": _GROUP}]},
}
PLATFORM = {
    "platform": [
        {
            "name": "ingress",
            "owner": "platform",
            "reason": "takes in traffic",
            "images": ["quay.io/jetstack/"],
            "serviceAccounts": [{"name": "ingress"}],
        }
    ]
}
_B, _G, _M, _P = "cluster.backup.", "cluster.gitops.", "cluster.monitoring.", "platform[0]."


def _case(name, base, key, value, why, mend, at=None):
    return Case(name, {**base, key: value}, f"secure-aks:{at or key}", why, mend)


CASES = [
    _case("copies that go first", BACKUP, _B + "vaultDays", 13, "before the snapshots", "14 or more"),
    _case(
        "a namespace that is never backed up",
        BACKUP,
        _B + "namespaces",
        ["kube-system"],
        "leaves out",
        "remove",
        _B + "namespaces[0]",
    ),
    *(
        _case(f"branch {ref}", GITOPS, _G + "branch", ref, "branch or a tag", "such as main")
        for ref in ("a..b", "a//b", "a/.b", "a.lock", "a.lock/b", "refs/heads/main")
    ),
    *(
        _case(f"host {host}", GITOPS, _G + "repository", f"https://{host}/x", why, "write")
        for host, why in (
            ("127.1", "no name of a host"),
            ("2130706433", "no name of a host"),
            ("0x7f000001", "no name of a host"),
            ("-", "no name of a host"),
            ("a..b", "no name of a host"),
            ("[::ffff:127.0.0.1]", "each pod itself"),
            ("127.9.9.9", "each pod itself"),
            ("0.0.0.0", "each pod itself"),
            ("[::1]", "each pod itself"),
            ("git.localhost", "each pod itself"),
            ("169.254.169.254", "reserved"),
            ("224.0.0.1", "reserved"),
            ("git hub.com", "blank"),
        )
    ),
    _case(
        "a token in the URL", GITOPS, _G + "repository", "https://github.com/x?token=abc", "no `?`", "without"
    ),
    *(
        _case(f"namespace {name}", GITOPS, _G + "namespace", name, "is that of Kubernetes", "one of its own")
        for name in ("kured", "calico-system", "tigera-operator", "flux-system", "kube-system")
    ),
    _case(
        "waits twice",
        GITOPS,
        _G + "kustomizations[1].dependsOn",
        ["base", "base"],
        "in the list already",
        "remove one",
        _G + "kustomizations[1].dependsOn[1]",
    ),
    _case(
        "keys in one line",
        SSH,
        _G + "knownHosts",
        "a ssh-rsa AAAA b ssh-rsa AAAA",
        "list of host keys",
        "a line each",
    ),
    _case(
        "keys without an end",
        SSH,
        _G + "knownHosts",
        "x ssh-rsa " + "A" * 10 + " ssh-rsa A" * 400 + "!",
        "list of host keys",
        "a line each",
    ),
    *(
        _case(
            f"e-mail {email[:9]}",
            {},
            _M + "contacts.emails",
            [email],
            "e-mail",
            "such as",
            _M + "contacts.emails[0]",
        )
        for email in ("a..b@c.co", "a.@c.co", ".a@c.co", "a" * 65 + "@c.co", "a@" + "x." * 126 + "co")
    ),
    _case(
        "a group by two names",
        GRAFANA,
        _M + "grafana.admins",
        [{"name": "few", "objectId": _GROUP}],
        "already",
        "once",
        _M + "grafana.viewers[0].objectId",
    ),
    _case("a namespace of Calico", PLATFORM, _P + "namespace", "calico-system", "belongs to", "own"),
    _case(
        "images twice",
        PLATFORM,
        _P + "images",
        ["quay.io/jetstack/"] * 2,
        "in the list already",
        "remove",
        _P + "images[1]",
    ),
    *(
        _case(
            f"account {name[:4]}",
            PLATFORM,
            _P + "serviceAccounts",
            [{"name": name}],
            "name of a service account",
            "253",
            _P + "serviceAccounts[0].name",
        )
        for name in ("a..b", "a.-b", "a-.b", "a" * 254)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_refused_in_one_line(case):
    refuse(case)


FINE = [
    {**BACKUP, _B + "vaultDays": 14},
    {**BACKUP, _B + "vaultDays": None},
    {**BACKUP, _B + "exceptNamespaces": ["kube-system"]},
    *({**GITOPS, _G + "branch": ref} for ref in ("a.b", "feature/x-1", "lock", "a.locks", "references")),
    *(
        {**GITOPS, _G + "repository": f"https://{host}/x"}
        for host in (
            "10.0.0.4",
            "git.contoso.com:8443",
            "gitea.gitea.svc",
            "git",
            "[fd00::4]",
            "1and1.com",
            "x.3com",
        )
    ),
    {**GITOPS, _G + "namespace": "defaults"},
    {**SSH, _G + "knownHosts": "a ssh-rsa AAAA==\n\nb ecdsa-sha2-nistp256 AAAA\n"},
    {_M + "contacts.emails": ["a.b+c_d@x.y-z.co"]},
    {**PLATFORM, _P + "namespace": "flux-system"},
    {**PLATFORM, _P + "serviceAccounts": [{"name": "a.b-c"}]},
]


@pytest.mark.parametrize("changes", FINE, ids=lambda changes: str(list(changes.values())[-1])[:30])
def test_its_neighbour_is_taken(changes):
    assert good(changes)


def test_nothing_is_doubled_by_a_list_that_is_long():
    names = [f"n{number}" for number in range(3000)]
    settings, findings = read({**BACKUP, _B + "namespaces": names})
    assert (settings is not None, findings) == (True, [])
