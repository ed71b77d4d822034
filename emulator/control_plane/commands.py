"""The command line of each process of a control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.https.certificates import KeyPair

LOOPBACK = "127.0.0.1"
SERVICE_CIDR = "10.0.0.0/16"


class Layout(NamedTuple):
    """Where the parts of one control plane are."""

    bin: Path
    folder: Path
    etcd_port: int
    etcd_peer_port: int
    api_port: int
    authority: Path
    server: KeyPair
    service_accounts: Path
    tokens: Path
    authentication: Path | None = None
    """Whose tokens the API server takes besides (`--authentication-config`)."""

    @property
    def etcd_url(self) -> str:
        """The address of etcd, TLS with client certificates."""
        return f"https://{LOOPBACK}:{self.etcd_port}"

    @property
    def api_url(self) -> str:
        """The address of the API server."""
        return f"https://{LOOPBACK}:{self.api_port}"

    @property
    def audit_log(self) -> Path:
        """The API server's audit log, one JSON event a line."""
        return self.folder / "audit.log"


def etcd(at: Layout) -> list[str]:
    """Return etcd's command; fsync is off, so its data survives kill -9 but not a power cut."""
    peer = f"https://{LOOPBACK}:{at.etcd_peer_port}"
    return [
        str(at.bin / "etcd"),
        "--name=etcd",
        f"--data-dir={at.folder / 'etcd'}",
        f"--listen-client-urls={at.etcd_url}",
        f"--advertise-client-urls={at.etcd_url}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=etcd={peer}",
        "--client-cert-auth",
        "--peer-client-cert-auth",
        f"--trusted-ca-file={at.authority}",
        f"--cert-file={at.server.certificate}",
        f"--key-file={at.server.key}",
        f"--peer-trusted-ca-file={at.authority}",
        f"--peer-cert-file={at.server.certificate}",
        f"--peer-key-file={at.server.key}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]


def api_server(at: Layout, audit_policy: Path) -> list[str]:
    """Return kube-apiserver's command: RBAC, audit, no anonymous users, admission as in AKS.

    Pod Security, ValidatingAdmissionPolicy, ResourceQuota and LimitRanger are on by default.
    """
    return [
        str(at.bin / "kube-apiserver"),
        f"--etcd-servers={at.etcd_url}",
        f"--etcd-cafile={at.authority}",
        f"--etcd-certfile={at.server.certificate}",
        f"--etcd-keyfile={at.server.key}",
        f"--bind-address={LOOPBACK}",
        f"--advertise-address={LOOPBACK}",
        f"--secure-port={at.api_port}",
        f"--tls-cert-file={at.server.certificate}",
        f"--tls-private-key-file={at.server.key}",
        f"--client-ca-file={at.authority}",
        f"--token-auth-file={at.tokens}",
        f"--service-account-key-file={at.service_accounts}",
        f"--service-account-signing-key-file={at.service_accounts}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        "--authorization-mode=Node,RBAC",
        "--anonymous-auth=false",
        "--profiling=false",
        # As in AKS: who may be privileged is for Pod Security and the admission policies to say.
        "--allow-privileged",
        "--enable-admission-plugins=NodeRestriction",
        # A loopback address cannot be an endpoint of the kubernetes service.
        "--endpoint-reconciler-type=none",
        f"--audit-policy-file={audit_policy}",
        f"--audit-log-path={at.audit_log}",
        # Written before the answer is sent, so that whoever acted can read it at once.
        "--audit-log-mode=blocking",
        "--shutdown-delay-duration=0s",
        *([f"--authentication-config={at.authentication}"] if at.authentication else []),
    ]


def controller_manager(at: Layout, kubeconfig: Path) -> list[str]:
    """Return kube-controller-manager's command; each controller acts under its own account."""
    return [
        str(at.bin / "kube-controller-manager"),
        f"--kubeconfig={kubeconfig}",
        f"--service-account-private-key-file={at.service_accounts}",
        f"--root-ca-file={at.authority}",
        "--use-service-account-credentials",
        # The default of 20 requests a second makes a start take five seconds longer.
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--leader-elect=false",
        "--secure-port=0",
    ]


def scheduler(at: Layout, kubeconfig: Path) -> list[str]:
    """Return kube-scheduler's command."""
    return [
        str(at.bin / "kube-scheduler"),
        f"--kubeconfig={kubeconfig}",
        "--leader-elect=false",
        "--secure-port=0",
    ]


def kwok(at: Layout, kubeconfig: Path, stages: Path) -> list[str]:
    """Return kwok's command: it plays the kubelets of the nodes that carry its annotation."""
    return [
        str(at.bin / "kwok"),
        f"--kubeconfig={kubeconfig}",
        f"--config={stages}",
        "--manage-all-nodes=false",
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
        "--node-lease-duration-seconds=40",
        # Nothing listens there, so `kubectl exec` and `logs` fail at once after they were authorized.
        "--node-ip=127.0.0.2",
        "--server-address=",
    ]
