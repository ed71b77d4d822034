"""What passes by itself and what never does, by Azure's codes, in each form in which they are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upgrades.errors.azure import BOTH_WAYS, ENDED, PASSING, read, remedy
from upgrades.errors.transient import is_transient

PENDING = (
    "Operation is not allowed: Another operation (general - Upgrading) is in progress, please wait for it to finish before "
    "starting a new operation. See https://aka.ms/aks-pending-operation for more details"
)
FORMS = (
    'Status={status} Code="{code}" Message="{message}"',
    '{{"code": "{code}", "message": "{message}"}}',
    "({code}) {message}\nCode: {code}\nMessage: {message}",
    'autorest/azure: Service returned an error. Status={status} Code="{code}" Message="{message}"',
    "{status} {code}: {message}",
)


def every_form(code, status, message):
    return [form.format(code=code, status=status, message=message) for form in FORMS]


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("OperationNotAllowed", 409, PENDING),
        ("AnotherOperationInProgress", 409, "try later"),
        ("TooManyRequests", 429, "slow down"),
        ("SubscriptionRequestsThrottled", 429, "Number of requests exceeded the limit"),
        ("InternalServerError", 500, "Encountered an internal server error."),
        ("ServiceUnavailable", 503, "The service is temporarily unavailable."),
        ("SomethingNew", 409, PENDING),
        ("NotLatestOperation", 409, "it has been preempted by a newer one"),
        ("ReferencedResourceNotProvisioned", 409, "the subnet is not in Succeeded state"),
    ],
)
def test_what_passes(code, status, message):
    for text in every_form(code, status, message):
        assert is_transient(text), text


@pytest.mark.parametrize(
    ("code", "status", "message", "advice"),
    [
        (
            "ScopeLocked",
            409,
            "The scope cannot perform write operation because following scope(s) are locked; try again later",
            "take the lock off",
        ),
        (
            "QuotaExceeded",
            409,
            "Operation could not be completed; the service is unavailable for more cores",
            "ask for more quota",
        ),
        (
            "OperationNotAllowed",
            409,
            "Operation could not be completed as it results in exceeding approved Total Regional Cores quota",
            "ask for more quota",
        ),
        (
            "OperationNotAllowed",
            400,
            "Downgrading the Kubernetes version from 1.35.6 to 1.35.5 is not allowed.",
            "",
        ),
        ("OperationNotAllowed", 409, "managed cluster is in stopped power state", "az aks start"),
        (
            "AuthorizationFailed",
            403,
            "does not have authorization; timed out waiting for role",
            "the role that the message names",
        ),
        ("ZonalAllocationFailed", 409, "We do not have sufficient capacity", "another VM size or zone"),
        (
            "ValidationError",
            400,
            "Control Plane upgrade is blocked due to recent usage of a deprecated API",
            "what the message asks",
        ),
        ("PodDrainFailure", 400, "Drain node timed out: Too many requests", "clear what holds the pods"),
        ("SomethingNew", 400, "connection reset while reading", ""),
        ("SomethingNew", 409, "this is how it is", ""),
        ("RoleAssignmentExists", 409, "The role assignment already exists.", ""),
        (
            "MissingSubscriptionRegistration",
            409,
            "is not registered to use namespace",
            "az provider register",
        ),
        ("ReadOnlyDisabledSubscription", 409, "The subscription is disabled", "enabled again"),
        ("ResourceGroupBeingDeleted", 409, "is in deprovisioning state; retry later", "who deletes"),
        ("AKSCapacityError", 409, "AKS is low on capacity in this region", "another VM size"),
        ("AksCapacityHeavyUsage", 400, "heavy usage; try again in some time", "another VM size"),
        ("VMExtensionProvisioningTimeout", 409, "timed out", "reach the API server"),
        ("K8SAPIServerConnFailVMExtensionError", 500, "nodes cannot reach it", "reach the API server"),
        ("RegionalQuotaExceeded", 409, "try again later", "ask for more quota"),
        ("ErrCode_InsufficientVCPUQuota", 400, "too few", "ask for more quota"),
        (
            "OperationNotAllowed",
            409,
            "Upgrades are disallowed while cluster is in a failed state",
            "reconcile",
        ),
        ("UpgradesDisallowed", 400, "the node pool is in a failed provisioning state", "reconcile"),
        (
            "OperationNotAllowed",
            400,
            "Downgrading 1.35.6 to 1.34.9 is not allowed",
            "goes back by `rollback`",
        ),
        ("PodEvictionFailure", 400, "Cannot evict pod", "clear what holds the pods"),
        ("Conflict", 409, "The resource is locked", "take the lock off"),
        ("SubscriptionNotRegistered", 409, "not registered", "az provider register"),
    ],
)
def test_what_never_passes_whatever_its_words(code, status, message, advice):
    for text in every_form(code, status, message):
        assert not is_transient(text), text
        assert advice in remedy(text)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("connection reset by peer", True),
        ("Post https://x: context deadline exceeded", True),
        ("dial tcp: lookup x: no such host", True),
        ("HTTPSConnectionPool: Max retries exceeded", True),
        ("429", True),
        ("Azure answered 429: Throttled", True),
        ("Azure answered 404: nothing here", False),
        ("Status=502", True),
        ("Azure answered 408", True),
        ("Azure answered 409", True),
        ("Status=501", False),
        ("error: policy violation: connection refused by rule", False),
        ("ValueError: 1.35.503 is no version", False),
        ("exit status 1", False),
        ("it took 500 seconds", False),
        ("update failed", False),
    ],
)
def test_what_has_no_code_is_told_by_its_status_or_as_the_networks_own(text, passes):
    assert is_transient(text) is passes


@pytest.mark.parametrize(
    ("code", "status"), [("OperationNotAllowed", 429), ("SomethingNew", 503), ("SomethingNew", 408)]
)
def test_what_the_service_itself_says_passes_with_whatever_code(code, status):
    for text in every_form(code, status, "The server rejected the request"):
        assert is_transient(text) is (str(status) in text), text


def test_the_innermost_code_wins_when_it_is_final():
    nested = 'Status=500 Code="InternalServerError" Message="failed: {\\"code\\": \\"ScopeLocked\\", \\"message\\": \\"locked\\"}"'
    assert read(nested).codes == ("InternalServerError", "ScopeLocked")
    assert not is_transient(nested)
    assert "lock" in remedy(nested)


def test_no_code_stands_on_two_sides():
    assert not PASSING & ENDED.keys()
    assert not BOTH_WAYS & (PASSING | ENDED.keys())
    assert all(ENDED.values())


@given(st.sampled_from(sorted(ENDED)), st.text(max_size=60).filter(lambda text: "code" not in text.lower()))
def test_a_final_code_is_final_with_any_words(code, words):
    assert not is_transient(f'Status=409 Code="{code}" Message="{words} timeout 503 TooManyRequests"')
