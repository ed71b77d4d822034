"""One question to the API server, as the Kubernetes provider would put it: whether whoever is logged in may apply this stack.

With the standard library alone: a client of Kubernetes would be imported by every preview, for one request of an `up`.
"""

import base64
import binascii
import json
import os
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_FIRST = {"group": "rbac.authorization.k8s.io", "resource": "clusterroles", "verb": "create"}
"""What the stack applies first, and what administrators and deployers may do alike."""
_BY_HAND = frozenset({"devicecode", "interactive"})
"""Logins of kubelogin that need a person; asking would have them log in a second time."""
_LOGIN_SECONDS, _SECONDS = 60, 30
_FORBIDDEN = 403


@dataclass(frozen=True)
class Answer:
    """What the API server said, and the claims of the token that it said it to."""

    allowed: bool
    claims: Mapping[str, Any]


def ask(kubeconfig: str) -> Answer | None:
    """Ask with a kubeconfig of `exec_kubeconfig`; None where nobody can be asked from here, which whoever applies will tell.

    That is: no kubelogin, a login by hand, no network to the API server, a certificate authority or a token that is none.
    """
    config = json.loads(kubeconfig)
    cluster, plugin = config["clusters"][0]["cluster"], config["users"][0]["user"]["exec"]
    if _BY_HAND.intersection(plugin["args"]):
        return None
    try:
        authority = base64.b64decode(cluster.get("certificate-authority-data", "")).decode()
        trust = ssl.create_default_context(cadata=authority or None)
        token = _token(plugin)
        return Answer(_review(str(cluster["server"]), trust, token), claims_of(token))
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _token(plugin: Mapping[str, Any]) -> str:
    about = {"apiVersion": plugin["apiVersion"], "kind": "ExecCredential", "spec": {"interactive": False}}
    ran = subprocess.run(
        [plugin["command"], *plugin["args"]],
        env={**os.environ, "KUBERNETES_EXEC_INFO": json.dumps(about)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_LOGIN_SECONDS,
        text=True,
        check=True,
    )
    status: dict[str, Any] = json.loads(ran.stdout).get("status") or {}
    return str(status.get("token", ""))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows none: an API server sends nobody on, and urllib would take the token along to any host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Have the answer stay what it is, an error."""


def _review(server: str, trust: ssl.SSLContext, token: str) -> bool:
    kind = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview"}
    request = urllib.request.Request(  # noqa: S310  (the address that Azure has given)
        server + _REVIEWS,
        json.dumps({**kind, "spec": {"resourceAttributes": _FIRST}}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trust), _NoRedirects())
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return bool(json.loads(answer.read())["status"].get("allowed"))
    except urllib.error.HTTPError as error:
        with error:
            if error.code == _FORBIDDEN:
                return False
        raise


def claims_of(token: str) -> dict[str, Any]:
    """Return what an Entra token says, unverified: that is the API server's affair. Raises ValueError for what is no token."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004  (header, claims, signature)
        raise ValueError("a token has three parts")
    try:
        said = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if not isinstance(said, dict):
        raise ValueError("a token's claims are a mapping")  # noqa: TRY004  (one kind of error for what is no token)
    return cast("dict[str, Any]", said)
