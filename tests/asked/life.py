"""The life of a stack on the emulated ARM without an engine: the program runs, and each of Azure's resources is what ARM makes of it."""

from __future__ import annotations

import json
import re
import runpy
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.azure.ids import SUBSCRIPTION, guid
from emulator.azure.types import by_arm_type
from emulator.cloud.cloud import Cloud
from tests.components.helpers import Answers, Run, azure_kubeconfig, run
from tests.emulator.azure_provider import Azure, Made

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi.runtime import mocks

ROOT = Path(__file__).parents[2]
_ID = re.compile(
    r"/subscriptions/[-0-9a-f]{36}/resourceGroups/[^/]+/providers/[^/\s\"]+(?:/[^/\s\"]+/[^/\s\"]+)+"
)
_GROUP = re.compile(r'"(?:vaultGroup|snapshotGroup|existingResourceGroup)": "([^"]+)"')
_OUTLIVES = "/providers/microsoft.dataprotection/backupvaults/"
"""Backups are there when the cluster is gone."""
_PREFIX = "azure-native:"
_DELEGATE = "Microsoft.ContainerService/managedClusters"


class OnArm(Answers):
    """Azure's half of an engine: a resource is checked and made, or compared with what was made before."""

    def __init__(self, azure: Azure, last_outputs: dict[str, Any] | None = None) -> None:
        super().__init__(dry_run=False, last_outputs=last_outputs or {}, kubeconfig=azure_kubeconfig())
        self.azure, self.made, self.changed = azure, dict[tuple[str, str], Made](), list[str]()
        self._lock = threading.Lock()

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        type_ = args.typ.removeprefix(_PREFIX)
        if not args.custom or type_ == args.typ:
            return super().new_resource(args)
        with self._lock:
            if (type_, args.name) in self.made:
                made = self.made[type_, args.name]
                if self.azure.diff(made, **{**dict.fromkeys(made.inputs), **_whole(args.inputs)}).changes:
                    self.changed.append(f"{type_} {args.name}")
            else:
                made = self.azure.create(type_, args.name, **_whole(args.inputs))
                self.made[type_, args.name] = made
            return made.id, made.outputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token.endswith((":getUserAssignedIdentity", ":getManagedCluster", ":getBackupVault")):
            return self.azure.provider.invoke(args.token, args.args), []
        return super().call(args)


def _whole(value: Any) -> Any:
    """Numbers travel as floats; a provider reads whole ones as such."""
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def stand_there(azure: Azure, config: dict[str, Any]) -> set[str]:
    """Make what a stack file names by its id, as somebody else would have; return the ids."""
    ids: set[str] = set()
    for found in _ID.findall(json.dumps(config)):
        parts = found.split("/")
        ids |= {"/".join(parts[:end]) for end in range(9, len(parts) + 1, 2)} | {"/".join(parts[:5])}
    ids |= {
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}" for name in _GROUP.findall(json.dumps(config))
    }
    with azure.cloud.change() as state:
        for id_ in sorted(ids, key=len):
            tail = id_.partition("/providers/")[2].split("/")
            type_ = "/".join(tail[:1] + tail[1::2]) if tail != [""] else "Microsoft.Resources/resourceGroups"
            known = by_arm_type().get(type_.lower())
            properties: dict[str, Any] = {"name": id_.rsplit("/", 1)[-1]}
            if type_.endswith("/subnets"):
                table = f"{id_.partition('/virtualNetworks/')[0]}/routeTables/out"
                routes = [{"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance"}]
                state.put(table, "Microsoft.Network/routeTables", "out", {"name": "out", "routes": routes})
                properties |= {
                    "addressPrefix": "10.77.0.0/20",
                    "delegations": [{"serviceName": _DELEGATE}],
                    "routeTable": {"id": table},
                }
            if type_.endswith("userAssignedIdentities"):
                properties |= {"principalId": guid(id_, "principal"), "clientId": guid(id_, "client")}
            state.put(id_, known.arm_type if known else type_, properties["name"], properties)
    return ids


def program(config: dict[str, Any], stack: str, answers: OnArm) -> Run:
    """Run the whole program on a stack file's config, as the engine would hand it over."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    return run(
        lambda: runpy.run_path(str(ROOT), run_name="__main__"),
        config=texts,
        stack_name=stack,
        answers=answers,
    )


def live(
    config: dict[str, Any], stack: str, sign_in: Callable[[Azure, dict[str, Any]], None] | None = None
) -> Run:
    """Bring a stack up, ask again, take it down; assert that the second run changes nothing and that nothing stays.

    It is done by whom `sign_in` has the provider act as; else by the subscription's owner.
    """
    azure = Azure(Cloud())
    stand_there(azure, config)
    if sign_in:
        sign_in(azure, config)
    there = {id_.lower() for id_ in azure.cloud.view().resources}
    answers = OnArm(azure)
    done = program(config, stack, answers)
    answers.last_outputs = json.loads(json.dumps(done.stack_outputs))
    answers.changed.clear()
    program(config, stack, answers)
    assert answers.changed == [], "a second `up` would change these"
    for made in reversed(answers.made.values()):
        azure.delete(made)
    left = {id_.lower() for id_ in azure.cloud.view().resources}
    kept = {id_ for id_ in left if _OUTLIVES in id_}
    assert left - there - kept == set(), "these stay after `destroy`"
    return done
