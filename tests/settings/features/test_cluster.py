"""What a cluster may have beside what every cluster here has: what fits, and what contradicts itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.checks.features.outbound import PORTS
from tests.settings.features.ids import CA, DES, DNS, IDENTITY, KEY, PRIVATE_DNS, REGISTRY, VAULT, address
from tests.settings.helpers import GONE, Case, good, read, refuse

CLUSTER = "secure-aks:cluster"
NO_WINDOWS = {"pools[2].osType": "Linux", "pools[2].osSku": "Ubuntu2404"}
POOLS = ("pools[0]", "pools[1]", "pools[3]")
BUT_ONE = {
    **NO_WINDOWS,
    **{f"{pool}.{key}": value for pool in POOLS for key, value in (("autoscaling", GONE), ("count", 2))},
}
FIXED = {**BUT_ONE, "systemPool.autoscaling": GONE, "systemPool.count": 3}
METRICS = {"workspace": f"{VAULT.split('/providers/')[0]}/providers/Microsoft.Monitor/accounts/metrics"}
FLUX = {
    "repository": "https://example.com/contoso/fleet",
    "branch": "main",
    "kustomizations": [{"name": "all"}],
}
BACKUP = {
    "vaultGroup": "vaults",
    "snapshotGroup": "snapshots",
    "storageAccount": VAULT.split("/providers/")[0] + "/providers/Microsoft.Storage/storageAccounts/backups",
    "container": "aks",
}
HOST_KEY = "example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
PROXY = {"http": "http://proxy.example.com:3128/", "https": "http://proxy.example.com:3128/"}
INTEGRATED = {"cluster.apiServer.vnetIntegration": True, "network.apiServerSubnet": "10.60.255.0/28"}

CASES = [
    Case("autoscaler of nothing", {**FIXED, "cluster.autoscaler": {"scanSeconds": 20}}, f"{CLUSTER}.autoscaler", "no pool is autoscaled", "`autoscaling: {min: 2, max: 5}`"),
    Case("share past one", {"cluster.autoscaler": {"idleBelow": "1.5"}}, f"{CLUSTER}.autoscaler.idleBelow", "1.5", ""),
    Case("two autoscalers", {**BUT_ONE, "cluster.nodeProvisioning": {}, "cluster.networkPolicy": "cilium"}, f"{CLUSTER}.nodeProvisioning", "system is autoscaled", "`count`"),
    Case("provisioning under calico", {**FIXED, "cluster.nodeProvisioning": {}}, f"{CLUSTER}.nodeProvisioning", "no Calico", "`networkPolicy: cilium`"),
    Case("key without a version", {"cluster.encryption": {"etcd": {"id": KEY.rsplit("/", 1)[0], "vault": VAULT, "vaultNetwork": "Public"}}}, f"{CLUSTER}.encryption.etcd.id", "with its version", "az keyvault key show"),
    Case("key of another vault", {"cluster.encryption": {"etcd": {"id": KEY, "vault": VAULT + "2", "vaultNetwork": "Public"}}}, f"{CLUSTER}.encryption.etcd.vault", "in the vault kv-aks", "the vault that the key is in"),
    Case("private vault out of reach", {"cluster.encryption": {"etcd": {"id": KEY, "vault": VAULT}}}, f"{CLUSTER}.encryption.etcd.vaultNetwork", "from a subnet of the network alone", "`vnetIntegration: true`"),
    Case("nothing leaves", {"cluster.outboundType": "none"}, f"{CLUSTER}.outboundType", "images they start with", "`imageSource`"),
    Case("images before an identity", {"cluster.imageSource": REGISTRY}, f"{CLUSTER}.imageSource", "before AKS has made them an identity", "`kubeletIdentity`"),
    Case("balancer beside routes", {"cluster.outboundType": "none", "cluster.imageSource": REGISTRY, "cluster.kubeletIdentity": IDENTITY, "cluster.loadBalancer": {"addresses": 2}}, f"{CLUSTER}.loadBalancer", "goes by none", "`outboundType: loadBalancer`"),
    Case("addresses twice over", {"cluster.loadBalancer": {"addresses": 2, "addressIds": [address("a")]}}, f"{CLUSTER}.loadBalancer.addressIds", "addresses names the addresses already", "keep addresses or addressIds"),
    Case("an address twice", {"cluster.loadBalancer": {"addressIds": [address("a"), address("A")]}}, f"{CLUSTER}.loadBalancer.addressIds[1]", "already", "name each once"),
    Case("ports by sevens", {"cluster.loadBalancer": {"portsPerNode": 1001}}, f"{CLUSTER}.loadBalancer.portsPerNode", "by eights", "write 1008"),
    # 5 + 2 + 20 + 7 + 10 + 3 + 1 + 4 + 2 nodes with their surge
    Case("ports of too many nodes", {"cluster.loadBalancer": {"portsPerNode": 4000}}, f"{CLUSTER}.loadBalancer.portsPerNode", "54 nodes, surge included, with 4,000 ports each take 216,000, and 1 address has 64,000", "write `portsPerNode: 1184`, or `addresses: 4`"),
    Case("zones of both kinds", {"cluster.ingress": {"dnsZones": [DNS, PRIVATE_DNS]}}, f"{CLUSTER}.ingress.dnsZones", "these are both", "zones of one kind"),
    Case("zones of two groups", {"cluster.ingress": {"dnsZones": [DNS, DNS.replace("/resourceGroups/", "/resourceGroups/other-")]}}, f"{CLUSTER}.ingress.dnsZones", "these are in several", "name zones of one group"),
    Case("a zone that is none", {"cluster.ingress": {"dnsZones": [VAULT]}}, f"{CLUSTER}.ingress.dnsZones[0]", "not the resource id of a DNS zone", "dnszones"),
    Case("a revision by its version", {"cluster.mesh": {"revisions": ["1.29"]}}, f"{CLUSTER}.mesh.revisions[0]", "not a revision", "asm-1-29"),
    Case("a gateway twice", {"cluster.mesh": {"revisions": ["asm-1-29"], "ingressGateways": ["Internal", "Internal"]}}, f"{CLUSTER}.mesh.ingressGateways[1]", "named twice", "once"),
    Case("authority that nobody reads", {"cluster.mesh": {"revisions": ["asm-1-29"], "authority": {"vault": VAULT, "certificate": "a", "key": "b", "root": "c", "chain": "d"}}}, f"{CLUSTER}.mesh.authority", "the cluster has none", "`keyVaultSecrets: {}`"),
    Case("names without cilium", {"cluster.advancedNetworking": {"policies": "FQDN"}}, f"{CLUSTER}.advancedNetworking.policies", "the engine is calico", "`networkPolicy: cilium`"),
    Case("nothing asked for", {"cluster.advancedNetworking": {"observability": False}}, f"{CLUSTER}.advancedNetworking", "asks for nothing", "remove it"),
    Case("a proxy for Windows", {"cluster.httpProxy": PROXY}, f"{CLUSTER}.httpProxy", "win (secure-aks:pools[2]) is one", "another cluster"),
    Case("a proxy's password", {**NO_WINDOWS, "cluster.httpProxy": PROXY | {"http": "http://a:b@proxy.example.com/"}}, f"{CLUSTER}.httpProxy.http", "in the environment of every pod", "by their addresses"),
    Case("a star", {**NO_WINDOWS, "cluster.httpProxy": PROXY | {"noProxy": ["*.example.com"]}}, f"{CLUSTER}.httpProxy.noProxy[0]", "no * before a domain", "write .example.com"),
    Case("a certificate in plain", {**NO_WINDOWS, "cluster.trustedCertificates": ["-----BEGIN CERTIFICATE-----"]}, f"{CLUSTER}.trustedCertificates[0]", "encoded once more", "base64 -w0"),
    Case("a certificate twice", {**NO_WINDOWS, "cluster.trustedCertificates": [CA, CA]}, f"{CLUSTER}.trustedCertificates[1]", "already", "once"),
    Case("administrator", {"cluster.windows": {"adminUser": "Administrator"}}, f"{CLUSTER}.windows.adminUser", "not a name that Windows takes", "azureuser"),
    Case("contacts without anybody", {"cluster.monitoring": {"contacts": {}}}, f"{CLUSTER}.monitoring.contacts", "names nobody", "`emails: [<address>]`"),
    Case("a contact twice", {"cluster.monitoring": {"contacts": {"emails": ["a@contoso.com", "A@contoso.com"]}}}, f"{CLUSTER}.monitoring.contacts.emails[1]", "already", "name each once"),
    Case("a revision of two kinds", {"cluster.gitops": FLUX | {"tag": "v1"}}, f"{CLUSTER}.gitops.branch", "one of them", "`branch: main`"),
    Case("no revision", {"cluster.gitops": {key: value for key, value in FLUX.items() if key != "branch"}}, f"{CLUSTER}.gitops.branch", "one of them", "`branch: main`"),
    Case("a repository in the clear", {"cluster.gitops": FLUX | {"repository": "http://example.com/a"}}, f"{CLUSTER}.gitops.repository", "on the way", "https://"),
    Case("a repository with a token", {"cluster.gitops": FLUX | {"repository": "https://token@example.com/a"}}, f"{CLUSTER}.gitops.repository", "a name or a password", "`secret`"),
    Case("a repository with a password", {"cluster.gitops": FLUX | {"repository": "ssh://git:secret@example.com/a"}}, f"{CLUSTER}.gitops.repository", "a name or a password", "`secret`"),
    Case("a repository as scp has it", {"cluster.gitops": FLUX | {"repository": "git@example.com:a/b"}}, f"{CLUSTER}.gitops.repository", "no URL of a git repository", "ssh://git@"),
    Case("a host that nobody knows", {"cluster.gitops": FLUX | {"repository": "ssh://git@example.com/a"}}, f"{CLUSTER}.gitops.knownHosts", "in the host's place", "ssh-keyscan"),
    Case("host keys for https", {"cluster.gitops": FLUX | {"knownHosts": HOST_KEY}}, f"{CLUSTER}.gitops.knownHosts", "by certificates", "remove the key"),
    Case("host keys twice", {"cluster.gitops": FLUX | {"repository": "ssh://git@example.com/a", "secret": "git", "knownHosts": HOST_KEY}}, f"{CLUSTER}.gitops.knownHosts", "the Secret has them", "remove the key"),
    Case("folders of one name", {"cluster.gitops": FLUX | {"kustomizations": [{"name": "all"}, {"name": "all"}]}}, f"{CLUSTER}.gitops.kustomizations[1].name", "already", "a name of its own"),
    Case("a folder after none", {"cluster.gitops": FLUX | {"kustomizations": [{"name": "apps", "dependsOn": ["infra"]}]}}, f"{CLUSTER}.gitops.kustomizations[0].dependsOn[0]", "there is no 'infra'", "apps"),
    Case("folders without end", {"cluster.gitops": FLUX | {"kustomizations": [{"name": "a", "dependsOn": ["b"]}, {"name": "b", "dependsOn": ["a"]}]}}, f"{CLUSTER}.gitops.kustomizations", "without end", "take one `dependsOn` out"),
    Case("a folder outside", {"cluster.gitops": FLUX | {"kustomizations": [{"name": "a", "path": "../a"}]}}, f"{CLUSTER}.gitops.kustomizations[0].path", "not a folder", "./infrastructure"),
    Case("a team's namespace for Flux", {"cluster.gitops": FLUX | {"namespace": "payments"}}, f"{CLUSTER}.gitops.namespace", "is that of secure-aks:teams[0]", "one of its own"),
    Case("a namespace of Flux itself", {"cluster.gitops": FLUX | {"namespace": "flux-system"}}, f"{CLUSTER}.gitops.namespace", "is that of Kubernetes, AKS", "one of its own"),
    Case("Flux before its judges", {"cluster.gitops": FLUX, "cluster.inside": "later"}, f"{CLUSTER}.gitops", "nothing would judge", "`inside: now`"),
    Case("backups beside the cluster", {"cluster.backup": BACKUP | {"vaultGroup": "rg-aks"}}, f"{CLUSTER}.backup.vaultGroup", "is not to go with", "nothing else in it"),
    Case("snapshots beside the nodes", {"cluster.nodeResourceGroup": "nodes", "cluster.backup": BACKUP | {"snapshotGroup": "Nodes"}}, f"{CLUSTER}.backup.snapshotGroup", "is that of the nodes", "nothing else in it"),
    Case("a vault that the cluster may change", {"cluster.backup": BACKUP | {"snapshotGroup": "Vaults"}}, f"{CLUSTER}.backup.snapshotGroup", "would have the vault", "another group"),
    Case("a namespace twice", {"cluster.backup": BACKUP | {"namespaces": ["a", "b", "a"]}}, f"{CLUSTER}.backup.namespaces[2]", "a is in the list already", "remove one"),
    *(Case(f"a repository at {host}", {"cluster.gitops": FLUX | {"repository": f"https://{host}/a/b"}}, f"{CLUSTER}.gitops.repository", "is, in the cluster, each pod itself", "a host's own name") for host in ("localhost", "git.localhost:8443", "127.0.0.1", "[::1]")),
    Case("a namespace in and out", {"cluster.backup": BACKUP | {"namespaces": ["a"], "exceptNamespaces": ["a"]}}, f"{CLUSTER}.backup.exceptNamespaces", "a is to be backed up and left out", "one of the two"),
    Case("namespaces left out twice", {"cluster.backup": BACKUP | {"namespaces": ["a"], "exceptNamespaces": ["b"]}}, f"{CLUSTER}.backup.exceptNamespaces", "left out anyway", "remove the key"),
    Case("disks that nobody snapshots", {"cluster.backup": BACKUP, "cluster.storage": {"snapshots": False}}, f"{CLUSTER}.backup.volumes", "by snapshots", "`volumes: false`"),
    Case("a vault of two dashes", {"cluster.backup": BACKUP | {"vault": "a--b"}}, f"{CLUSTER}.backup.vault", "not a name of a Backup vault", "single dashes"),
    Case("a container in capitals", {"cluster.backup": BACKUP | {"container": "AKS"}}, f"{CLUSTER}.backup.container", "not a name of a blob container", "a-z"),
    Case("an account that is none", {"cluster.backup": BACKUP | {"storageAccount": "backups"}}, f"{CLUSTER}.backup.storageAccount", "not the resource id of a storage account", "write /subscriptions/"),
    Case("backups every hour", {"cluster.backup": BACKUP | {"everyHours": 1}}, f"{CLUSTER}.backup.everyHours", "1", "4"),
    Case("backups for a day less", {"cluster.backup": BACKUP | {"softDeleteDays": 13}}, f"{CLUSTER}.backup.softDeleteDays", "13", "14"),
    Case("a team where the backups' agent is", {"cluster.backup": BACKUP, "teams[0].namespace": "dataprotection-microsoft"}, "secure-aks:teams[0].namespace", "belongs to", "the team's own"),
    Case("pictures of nothing", {"cluster.monitoring.grafana": {"name": "pictures", "viewers": [{"name": "lookers"}]}}, f"{CLUSTER}.monitoring.grafana", "nothing is collected", "add `prometheus: {workspace:"),
    Case("pictures for nobody", {"cluster.monitoring.prometheus": METRICS, "cluster.monitoring.grafana": {"name": "pictures"}}, f"{CLUSTER}.monitoring.grafana", "no group may look", "add `viewers:"),
    Case("a group of two roles", {"cluster.monitoring.prometheus": METRICS, "cluster.monitoring.grafana": {"name": "pictures", "admins": [{"name": "lookers"}], "viewers": [{"name": "lookers"}]}}, f"{CLUSTER}.monitoring.grafana.viewers[0]", "already", "what it may most"),
    Case("a name with a dash last", {"cluster.monitoring": {"prometheus": METRICS, "grafana": {"name": "pictures-", "viewers": [{"name": "lookers"}]}}}, f"{CLUSTER}.monitoring.grafana.name", "not a name of a managed Grafana", "2 to 23 letters"),
    Case("an alert twice", {"cluster.monitoring.prometheus": METRICS | {"alerts": ["node-not-ready", "node-not-ready"]}}, f"{CLUSTER}.monitoring.prometheus.alerts[1]", "already", "name each once"),
    Case("an alert of nothing", {**FIXED, "cluster.monitoring.prometheus": METRICS | {"alerts": ["pool-at-maximum"]}}, f"{CLUSTER}.monitoring.prometheus.alerts", "nothing would be watched", "`[node-not-ready]`"),
    Case("no such alert", {"cluster.monitoring": {"prometheus": METRICS | {"alerts": ["everything"]}}}, f"{CLUSTER}.monitoring.prometheus.alerts[0]", "everything", "node-not-ready"),
    Case("a contact without a domain", {"cluster.monitoring": {"contacts": {"emails": ["on-call"]}}}, f"{CLUSTER}.monitoring.contacts.emails[0]", "not an e-mail address", "on-call@contoso.com"),
    Case("a contact for a shell", {"cluster.monitoring": {"contacts": {"emails": ["o'x@contoso.com"]}}}, f"{CLUSTER}.monitoring.contacts.emails[0]", "not an e-mail address", "on-call@contoso.com"),
    Case("a group of something else", {"cluster.monitoring": {"contacts": {"actionGroup": VAULT}}}, f"{CLUSTER}.monitoring.contacts.actionGroup", "not the resource id of an action group", "Microsoft.Insights/actionGroups"),
    Case("labels of nothing", {"cluster.monitoring": {"prometheus": {"workspace": address("x"), "labels": "pods=[app]"}}}, f"{CLUSTER}.monitoring.prometheus.workspace", "not the resource id of an Azure Monitor workspace", "Microsoft.Monitor"),
]  # fmt: skip

FINE = {
    "a private vault": {**INTEGRATED, "cluster.encryption": {"etcd": {"id": KEY, "vault": VAULT}, "diskEncryptionSet": DES}},
    "isolated": {"cluster.outboundType": "none", "cluster.imageSource": REGISTRY, "cluster.kubeletIdentity": IDENTITY},
    "provisioning": {**FIXED, "cluster.networkPolicy": "cilium", "cluster.nodeProvisioning": {"defaultPools": "Auto"}},
    "a proxy": {**NO_WINDOWS, "cluster.httpProxy": PROXY | {"noProxy": [".example.com", "10.0.0.0/8", "localhost"], "trustedCa": CA}},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused(case):
    refuse(case)


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_fine(changes):
    good(changes)


@given(addresses=st.integers(1, 100), eights=st.integers(1, 8000))
def test_ports_are_refused_exactly_where_the_nodes_take_more_than_there_are(addresses, eights):
    ports, nodes = eights * 8, 54
    balancer = {"addresses": addresses, "portsPerNode": ports}
    _, findings = read({"cluster.loadBalancer": balancer})
    assert bool(findings) == (nodes * ports > addresses * PORTS)
    for finding in findings:
        advised = int(finding.remedy.split("portsPerNode: ")[1].split("`")[0])
        assert advised == 0 or good({"cluster.loadBalancer": balancer | {"portsPerNode": advised}})
        if "addresses: " in finding.remedy:
            more = int(finding.remedy.split("addresses: ")[1].strip("`"))
            assert good({"cluster.loadBalancer": balancer | {"addresses": more}})
