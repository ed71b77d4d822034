"""Azure's error codes: which pass by themselves, which never do, and what clears those.

Sources: ARM, "Common deployment errors" and "Throttling"; AKS, "Troubleshoot cluster upgrades" and its pages on codes
(aka.ms/aks-...); Azure/AKS issues. A code decides; where it is used both ways, or is none of these, AKS's
own mark of an operation under way does, and of what the service itself says (408, 429, 5xx), or where there is no code, the HTTP status.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PASSING = {
    "AnotherOperationInProgress",
    "OperationPreempted",
    "AKSOperationPreempted",
    "NotLatestOperation",
    "CanceledAndSupersededDueToAnotherOperation",
    "ReferencedResourceNotProvisioned",
    "TooManyRequests",
    "SubscriptionRequestsThrottled",
    "ResourceRequestsThrottled",
    "TenantRequestsThrottled",
    "ResourceProviderThrottled",
    "InternalServerError",
    "InternalOperationError",
    "ServerTimeout",
    "ServerBusy",
    "ServiceUnavailable",
    "ServiceTemporarilyUnavailable",
    "GatewayTimeout",
    "BadGateway",
    "RetryableError",
    "RetryableErrorDueToAnotherOperation",
    "RequestTimeout",
    "OperationTimedOut",
    "EtagMismatch",
    "NetworkingRetryableError",
}
"""Codes of a service that is busy, throttled or failing, or of another operation that ends sometime."""

ENDED = {
    "ScopeLocked": "take the lock off for the rollout (az lock list shows it), then `resume`",
    "QuotaExceeded": "ask for more quota, lower maxSurge, or scale something down, then `resume`",
    "InsufficientVCPUQuota": "ask for more quota, lower maxSurge, or scale something down, then `resume`",
    "SkuNotAvailable": "move the pool to a VM size that the region gives, or ask Azure to lift the restriction",
    "ZonalAllocationFailed": "wait until the zone has capacity, or move the pool to another VM size or zone",
    "OverconstrainedAllocationRequest": "wait until the region has capacity, or move the pool to another VM size",
    "OverconstrainedZonalAllocationRequest": "wait until the zone has capacity, or move the pool to another VM size or zone",
    "AllocationFailed": "wait until the region has capacity, or move the pool to another VM size",
    "InsufficientSubnetSize": "lower maxSurge, free addresses, or move the pool to a larger subnet, then `resume`",
    "SubnetIsFull": "lower maxSurge, free addresses, or move the pool to a larger subnet, then `resume`",
    "PodDrainFailure": "clear what holds the pods (the gates name it), then `resume`",
    "UnsatisfiablePDB": "let every PodDisruptionBudget that the message names allow one disruption, on whichever pool its pods are, then `resume`",
    "UpgradeFailed": "look at the nodes and pods that AKS names, clear them, then `resume`",
    "ControlPlaneAddOnsNotReady": "bring the add-ons of kube-system to Ready, then `resume`",
    "ValidationError": "do what the message asks for, then `resume`",
    "AuthorizationFailed": "give whoever runs this the role that the message names, then `resume`",
    "LinkedAuthorizationFailed": "give whoever runs this the role that the message names, then `resume`",
    "RequestDisallowedByPolicy": "meet the Azure policy that the message names, or exempt the cluster from it",
    "InvalidParameter": "mend the setting that the message names",
    "BadRequest": "mend what the message names",
    "PropertyChangeNotAllowed": "put the property back as it was",
    "K8sVersionNotSupported": "choose a version that AKS offers: az aks get-upgrades",
    "AgentPoolK8sVersionNotSupported": "choose a version that AKS offers: az aks get-upgrades",
    "AgentPoolUpgradeVersionNotAllowed": "take the way that AKS offers: az aks nodepool get-upgrades",
    "NodePoolMcVersionIncompatible": "move the control plane first, or the pool closer to it",
    "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged": "switch the auto-upgrade channel off, and leave inline versions unset",
    "AKSCapacityError": "wait until the region has capacity, or move the pool to another VM size",
    "AksCapacityHeavyUsage": "wait until the region has capacity, or move the pool to another VM size",
    "AvailabilityZoneNotSupported": "move the pool to a VM size that its zones give, or to other zones",
    "PublicIPCountLimitReached": "ask for more public IP addresses, or free some, then `resume`",
    "VMExtensionProvisioningError": "look at the exit code that the message names: nodes reach the API server and the addresses that AKS needs?",
    "VMExtensionProvisioningTimeout": "see that new nodes reach the API server and the addresses that AKS needs, then `resume`",
    "SubscriptionNotRegistered": "register the resource provider that the message names: az provider register --namespace <name>",
    "MissingSubscriptionRegistration": "register the resource provider that the message names: az provider register --namespace <name>",
    "ReadOnlyDisabledSubscription": "have the subscription enabled again",
    "ResourceGroupBeingDeleted": "look who deletes the resource group: nothing can be changed in it any more",
    "AKSOperationPreemptedByDelete": "look who deletes the cluster or the pool",
    "ExpiredAuthenticationToken": "log in anew: az login",
    "InvalidAuthenticationToken": "log in anew: az login",
    "NotFound": "look whether the cluster or pool was deleted outside",
    "ResourceNotFound": "look whether the cluster or pool was deleted outside",
    "ResourceGroupNotFound": "look whether the resource group was deleted outside",
    "SubscriptionNotFound": "log in to the right subscription",
}
"""Codes that stay the same however often the question is asked, with what clears them."""

BOTH_WAYS = {"OperationNotAllowed", "Conflict"}
"""Codes that Azure uses for another operation under way, and for what it never does: downgrades, quota, stopped clusters."""

PENDING = re.compile(
    r"aka\.ms/aks-pending-operation|\boperation\b[^.]*\bin progress\b|\bin-progress\b", re.IGNORECASE
)
"""How the first of the two reads: AKS links its page on operations under way."""

FAMILIES = {
    "QuotaExceeded": ENDED["QuotaExceeded"],
    "InsufficientVCPUQuota": ENDED["QuotaExceeded"],
    "VMExtensionError": ENDED["VMExtensionProvisioningError"],
}
"""Endings of codes that stand for one thing each: quotas of a region or of spot, what a node cannot reach (AKS, "VMExtensionError ...")."""

WORDS = {
    r"\bquota\b": ENDED["QuotaExceeded"],
    r"\bpower ?state\b|\bstopped\b": "start it (az aks start, az aks nodepool start), then `resume`",
    r"\bfailed (?:provisioning )?state\b": "mend what failed last (the activity log has it), let AKS reconcile it "
    "(az resource update --ids <id of the cluster or pool>), then `resume`",
    r"\block(?:ed)?\b": ENDED["ScopeLocked"],
    r"\bdowngrad": "write the version that runs; a pool goes back by `rollback`, a control plane never",
    r"\bevict|\bdrain": ENDED["PodDrainFailure"],
}
"""What clears an error whose code says less than its words: they choose the advice, never the verdict."""

TIMED_OUT, CONFLICT, THROTTLED, FIRST_OF_SERVER, NOT_IMPLEMENTED = 408, 409, 429, 500, 501

_CODE = re.compile(r"""\b(?:error)?code\\?["']?\s*[:=]\s*\\?["']?([A-Za-z][A-Za-z0-9_]*)""", re.IGNORECASE)
_STATUS = re.compile(r"""\bstatus(?:[ _]?code)?\\?["']?\s*[:=]?\s*\\?["']?(\d{3})\b""", re.IGNORECASE)
_BARE_STATUS = re.compile(
    r"(?<![\d.:])\b(?:answered ([45]\d\d)\b|([45]\d\d)(?=\s+[A-Z]|\)|\s*$))", re.MULTILINE
)
"""A status beside a name, or as `observe` writes it: Azure answered 429: ..."""
_AFTER_STATUS = re.compile(r"(?<![\d.])[45]\d\d:?\s+([A-Z][A-Za-z0-9_]*[a-z][A-Za-z0-9_]*):")
"""A code between a status and its message, as `observe` and the CLI write it."""
_SAYS_NOTHING = {"unknown", "none", "null"}
_NAMES = {name.lower(): name for name in (*PASSING, *ENDED, *BOTH_WAYS)}
_BARE_CODE = re.compile(
    r"(?<![\w/])(?:" + "|".join(sorted(_NAMES.values(), key=len, reverse=True)) + r")(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells: Azure's codes, outermost first, the HTTP status (0: none), whether it waits for another operation."""

    codes: tuple[str, ...]
    status: int
    is_pending: bool = False

    @property
    def passes(self) -> bool | None:
        """Tell whether it passes by itself; None when neither a code nor a status says so."""
        if any(map(_cleared_by, self.codes)):
            return False
        if any(code in PASSING for code in self.codes):
            return True
        if self.status in {TIMED_OUT, THROTTLED} or self.status >= FIRST_OF_SERVER:
            return self.status != NOT_IMPLEMENTED
        if (
            self.codes
        ):  # another code's 409 is a state that only somebody changes, unless an operation brings it about
            return self.is_pending and self.status in {0, CONFLICT}
        return self.status == CONFLICT if self.status else None


def read(message: str) -> Told:
    """Read an error as Azure, azure-native, the CLI or the SDK prints it."""
    said = [*_CODE.finditer(message), *_AFTER_STATUS.finditer(message)]
    explicit = [_NAMES.get(found[1].lower(), found[1]) for found in said]
    codes = [code for code in explicit if code.lower() not in _SAYS_NOTHING] or [
        found[0] for found in _BARE_CODE.finditer(message)
    ]
    status = _STATUS.search(message) or _BARE_STATUS.search(message)
    number = next((int(one) for one in status.groups() if one), 0) if status else 0
    return Told(tuple(dict.fromkeys(codes)), number, bool(PENDING.search(message)))


def remedy(message: str) -> str:
    """Return what clears an error; empty when nothing better is known than its own words."""
    told = read(message)
    if found := next((way for code in reversed(told.codes) if (way := _cleared_by(code))), ""):
        return found
    if told.passes is not False:
        return ""
    return next((way for words, way in WORDS.items() if re.search(words, message, re.IGNORECASE)), "")


def _cleared_by(code: str) -> str:
    """Return what clears a code that stays the same; empty when it is none of these."""
    family = next((way for ending, way in FAMILIES.items() if code.endswith(ending)), "")
    return ENDED.get(code, family)
