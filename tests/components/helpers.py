"""Run a program as the engine would, without one, and look at what it asked the engine for."""

import asyncio
import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from pulumi.runtime import mocks, rpc, set_all_config, settings, stack, sync_await
from pulumi.runtime import resource as runtime_resource
from pulumi.runtime.proto import resource_pb2, source_pb2

from emulator.dry_run.surroundings import AtOnce
from emulator.waiting import wait_for_all

SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
SUBNET = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes"
WORKSPACE = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/logs"
TENANT = "99999999-8888-7777-6666-555555555555"
SERVER = "https://aks-test.hcp.westeurope.azmk8s.io:443"


def object_id(group: str) -> str:
    """Return the object id that the mocked Entra gives a group; it has the form of a real one."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, group))


@dataclass(frozen=True)
class Registered:
    """One RegisterResource request, its inputs as plain values."""

    type: str
    name: str
    urn: str
    inputs: dict[str, Any]
    request: Any

    @property
    def dependencies(self) -> set[str]:
        return set(self.request.dependencies)


@dataclass
class Run:
    """What a program asked the engine for."""

    registered: list[Registered] = field(default_factory=list)
    invokes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, token: str) -> list[Registered]:
        """By name: in which order the SDK asks is its own."""
        found = (one for one in self.registered if one.type.endswith(token))
        return sorted(found, key=lambda one: one.name)

    def one(self, token: str, name: str | None = None) -> Registered:
        found = [one for one in self.of(token) if name in (None, one.name)]
        assert len(found) == 1, f"{token} {name}: {[(one.type, one.name) for one in self.registered]}"
        return found[0]

    @property
    def stack_outputs(self) -> dict[str, Any]:
        found = next(value for urn, value in self.outputs.items() if "::pulumi:pulumi:Stack::" in urn)
        return _unwrapped(found)


def _unwrapped(value: Any) -> Any:
    """What is called a secret, as anything else."""
    if rpc.is_rpc_secret(value):
        return _unwrapped(rpc.unwrap_rpc_secret(value))
    return {key: _unwrapped(inner) for key, inner in value.items()} if isinstance(value, dict) else value


class Answers(mocks.Mocks):
    """Azure, Entra and Kubernetes at their friendliest."""

    def __init__(
        self,
        *,
        dry_run: bool,
        last_outputs: dict[str, Any],
        kubeconfig: dict[str, Any],
        state: dict[str, Any] | None = None,
    ) -> None:
        self.state = state or {}
        self.dry_run = dry_run
        self.last_outputs = last_outputs
        self.kubeconfig = kubeconfig

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom:
            return "", args.inputs
        if self.dry_run:
            # Azure answers with a mapping of identities where it is given a list, and only after the fact.
            return "", {key: value for key, value in args.inputs.items() if key != "identity"}
        computed = {
            "azure-native:managedidentity:UserAssignedIdentity": {"principalId": f"principal-of-{args.name}"},
            "azure-native:containerservice:ManagedCluster": {
                "name": args.inputs.get("resourceName"),
                "location": "westeurope",
                "nodeResourceGroup": "MC_x",
                "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://oidc.example/"},
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {}},
            },
            "azuread:index/group:Group": {"objectId": object_id(args.name)},
        }
        return f"{SUBSCRIPTION}/{args.typ}/{args.name}", {**args.inputs, **computed.get(args.typ, {})}

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token.endswith(":readStackOutputs"):
            return {"name": args.args["name"], "outputs": self.last_outputs, "secretOutputNames": []}, []
        if args.token.endswith(":readStackResourceOutputs"):
            return {"name": args.args["stackName"], "outputs": self.state}, []
        assert args.token.endswith(":listManagedClusterUserCredentials"), args.token
        encoded = base64.b64encode(json.dumps(self.kubeconfig).encode()).decode()
        answer = [{"name": "clusterUser", "value": encoded}]
        return {"kubeconfigs": {rpc._special_sig_key: rpc._special_secret_sig, "value": answer}}, []


class _Monitor(mocks.MockMonitor):
    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.run = Run()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        # As the engine does: with the types of all parents, where the SDK's own mock keeps the last.
        types = parent.split("::")[2] if parent else ""
        above = "" if types in {"", "pulumi:pulumi:Stack"} else f"{types}$"
        return f"urn:pulumi:dev::secure-aks::{above}{type_}::{name}"

    def Invoke(self, request: Any) -> Any:  # noqa: N802  # the name of the gRPC method
        self.run.invokes.append((request.tok, rpc.deserialize_properties(request.args)))
        return super().Invoke(request)

    def RegisterResource(self, request: Any) -> resource_pb2.RegisterResourceResponse:  # noqa: N802
        answer = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            sync_await._ensure_event_loop()
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            self.run.registered.append(Registered(request.type, request.name, answer.urn, inputs, request))
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        sync_await._ensure_event_loop()
        self.run.outputs[request.urn] = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        return super().RegisterResourceOutputs(request)


def _at_once(values: Any) -> Any:
    """What a coroutine over plain values comes to; the SDK turns its loop within itself for it, once deeper with each resource that is ready."""
    try:
        values.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits for something")


def azure_kubeconfig(**user: Any) -> dict[str, Any]:
    """What Azure answers for an Entra cluster in the format `exec`."""
    options = {"environment": "AzurePublicCloud", "server-id": "server-app", "client-id": "client-app"}
    options |= {"tenant-id": TENANT, "login": "devicecode"}
    args = ["get-token", *(part for key, value in options.items() for part in (f"--{key}", value))]
    execute = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "kubelogin", "args": args}
    return {
        "clusters": [{"name": "x", "cluster": {"server": SERVER, "certificate-authority-data": "Q0E="}}],
        "users": [{"name": "clusterUser", "user": user or {"exec": execute}}],
    }


def run(
    program: Callable[[], Any],
    *,
    config: dict[str, str] | None = None,
    stack_name: str = "dev",
    dry_run: bool = False,
    last_outputs: dict[str, Any] | None = None,
    kubeconfig: dict[str, Any] | None = None,
    answers: Answers | None = None,
    state: dict[str, Any] | None = None,
) -> Run:
    """Run a program in a fresh root stack and return what it registered.

    `answers` stands for the providers; `state` is what the engine says of the state, by URN.
    """
    monitor = _Monitor(
        answers
        or Answers(
            dry_run=dry_run,
            last_outputs=last_outputs or {},
            kubeconfig=kubeconfig or azure_kubeconfig(),
            state=state,
        )
    )
    features = set(monitor.GetDeploymentInfo(None).supportedFeatures)
    settings.configure(
        mocks.MockSettings(
            monitor=monitor,
            monitor_features=features,
            engine=mocks.MockEngine(None),
            project="secure-aks",
            stack=stack_name,
            dry_run=dry_run,
            organization="organization",
            callbacks=None,
        )
    )
    _forget_last_run()
    set_all_config(config or {})

    async def main() -> None:
        # Carried out as they are made: from threads they would come in no order that holds.
        asyncio.get_running_loop().set_default_executor(AtOnce())
        await stack.run_in_stack(program)

    # Where in a test's fifty frames a resource was written takes a fifth of a run, and nobody reads it.
    with (
        mock.patch.object(runtime_resource, "_get_stack_trace", source_pb2.StackTrace),
        mock.patch.object(stack, "wait_for_rpcs", wait_for_all),
        mock.patch.object(mocks, "_sync_await", _at_once),
    ):
        asyncio.run(main())
    return monitor.run


def _forget_last_run() -> None:
    untyped: Any = settings
    untyped.SETTINGS.outputs.clear()  # what a failed run left unfinished
    untyped.set_root_resource(None)


def depends_on(registered: Registered, other: Registered) -> bool:
    """Whether one was registered to come after the other."""
    return other.urn in registered.dependencies
