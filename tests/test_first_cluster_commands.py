"""The shell of docs/first-cluster.md, run as it stands, with stand-ins for the programs that ask Azure: what they are asked is looked at."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from datetime import date
from ipaddress import IPv4Network
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest
import yaml

from settings.checks.draft import Context
from settings.reading.assemble import assemble
from settings.subnets import allot
from tests.first_cluster import PAGE, permissions, rights
from tests.project_copy import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from settings import StackSettings

BLOCKS = [
    textwrap.dedent(block)
    for block in re.findall(r"(?s)```sh\n(.*?)```", PAGE)
    if not block.startswith("make preview")  # that one is run without Azure, by test_first_cluster.py
]
STAND_IN = """#!{python}
import json, os, sys
with open(os.environ["ASKED"], "a") as asked:
    print(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]), file=asked)
if os.path.basename(sys.argv[0]) in ("az", "pulumi", "kubectl"):
    print("an-id" if "--query" in sys.argv else "{{}}")
"""
PROGRAMS = ("az", "pulumi", "kubectl", "sudo", "curl", "git", "make", "ssh-keygen")
SMALLEST = 26
"""The longest prefix of Azure Bastion's subnet (its configuration settings)."""
WHO = "11111111-2222-4333-8444-555555555555"


def run(block: str, folder: Path) -> list[list[str]]:
    """Run a block in a shell that ends at the first fault; return each command that a stand-in was given."""
    folder.mkdir(exist_ok=True)
    for name in PROGRAMS:
        program = folder / name
        program.write_text(STAND_IN.format(python=sys.executable))
        program.chmod(0o755)
    asked = folder / "asked"
    asked.touch()
    filled = block.replace("<object id>", WHO).replace("<client id>", WHO).replace("<registry>", "contoso")
    filled = filled.replace("<address>", "an-address")
    assert "<" not in re.sub(r"<<|<\(", "", filled), "something to fill in that the page does not speak of"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", filled],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "ASKED": str(asked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in asked.read_text().splitlines()]


def prod() -> StackSettings:
    config = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text("utf-8"))["config"]
    sections = {key.removeprefix("secure-aks:"): value for key, value in config.items()}
    location = sections.pop("azure-native:location")
    settings, found = assemble(
        sections, location, Context("prod", date(2026, 11, 23), frozenset({"staging"}))
    )
    assert (settings is None, found) == (False, [])
    return cast("StackSettings", settings)


def block(words: str) -> str:
    [found] = [one for one in BLOCKS if words in one]
    return found


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_command_is_one(number: int, tmp_path: Path) -> None:
    asked = run(BLOCKS[number], tmp_path)
    assert len(asked) >= BLOCKS[number].count("\naz ")
    for program, *words in asked:
        assert program in PROGRAMS
        nothing = [before for before, word in pairwise(words) if not word]
        assert set(nothing) <= {"--public-ip-address", "--nsg", "-N"}, "which is how none is asked for"


def test_the_first_roles_of_the_table_are_assigned_on_the_subscription(tmp_path: Path) -> None:
    made = [
        words
        for words in run(block("for role in"), tmp_path)
        if words[1:4] == ["role", "assignment", "create"]
    ]
    assert [words[words.index("--role") + 1] for words in made] == [right.role for right in rights()[:3]]
    assert {words[words.index("--scope") + 1] for words in made} == {"/subscriptions/an-id"}
    assert {words[words.index("--assignee") + 1] for words in made} == {WHO}


def test_the_backend_is_logged_in_to_where_the_role_was_given(tmp_path: Path) -> None:
    asked = run(block("storage container"), tmp_path)
    [made] = [words for words in asked if words[1:4] == ["storage", "account", "create"]]
    account = made[made.index("--name") + 1]
    [role] = [words for words in asked if words[1] == "role"]
    assert role[role.index("--scope") + 1] == "an-id", "that of the account, which the command before showed"
    [container] = [words for words in asked if words[1:3] == ["storage", "container"]]
    assert container[container.index("--account-name") + 1] == account
    name = container[container.index("--name") + 1]
    assert asked[-1] == ["pulumi", "login", f"azblob://{name}?storage_account={account}"]


def test_each_permission_of_the_table_is_granted_in_entra(tmp_path: Path) -> None:
    asked = run(block("appRoleAssignedTo"), tmp_path)
    looked_up = [re.search(r"value=='(.*?)'", " ".join(words)) for words in asked]
    assert [found[1] for found in looked_up if found] == permissions()
    granted = [words for words in asked if words[1] == "rest"]
    assert len(granted) == len(permissions())
    for words in granted:
        body = json.loads(words[words.index("--body") + 1])
        assert body.keys() == {"principalId", "resourceId", "appRoleId"}
        assert body["principalId"] == WHO
        assert f"/servicePrincipals/{body['resourceId']}/appRoleAssignedTo" in " ".join(words)


def test_a_machine_with_an_identity_tells_both_providers_so(tmp_path: Path) -> None:
    told = run(
        block("login --identity") + 'test -n "$ARM_USE_MSI$ARM_TENANT_ID$ARM_SUBSCRIPTION_ID"\npulumi env\n',
        tmp_path,
    )
    assert told[0] == ["az", "login", "--identity"]
    assert {words[4] for words in told if words[1:3] == ["account", "show"]} == {"id", "tenantId"}


def test_the_runner_owns_the_groups_that_were_made_before_it(tmp_path: Path) -> None:
    cluster = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text("utf-8"))["config"]["secure-aks:cluster"]
    made = [one["name"] for key in ("breakGlass", "deployers", "readers") for one in cluster[key]]
    told = run(block("az ad group owner add"), tmp_path)
    assert [(said(words, "--group"), said(words, "--owner-object-id")) for words in told] == [
        (name, WHO) for name in made
    ]


def said(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def test_the_bastion_has_a_subnet_of_its_own_in_prods_network_and_leads_to_the_runner(tmp_path: Path) -> None:
    made = run(block("az vm create"), tmp_path / "runner")
    asked = run(block("az network bastion create"), tmp_path / "bastion")
    [key], [machine] = (
        [words for words in made if words[0] == "ssh-keygen"],
        [words for words in made if words[2] == "create"],
    )
    [subnet] = [words for words in asked if words[2:5] == ["vnet", "subnet", "create"]]
    [bastion] = [words for words in asked if words[2:4] == ["bastion", "create"]]
    [shell] = [words for words in asked if words[2:4] == ["bastion", "ssh"]]
    for option in ("--resource-group", "--vnet-name"):
        assert said(machine, option) == said(subnet, option) == said(bastion, option)
    assert said(subnet, "--name") == "AzureBastionSubnet", "which is what Azure looks for"

    settings = prod()
    cidr = IPv4Network(said(subnet, "--address-prefixes"))
    assert cidr.prefixlen <= SMALLEST
    space = settings.network.address_space
    assert space is not None
    assert cidr.subnet_of(space)
    taken = [IPv4Network(one.cidr) for one in allot(settings.network, settings.all_pools)]
    assert [one for one in (*taken, *settings.network.set_apart.values()) if one.overlaps(cidr)] == []

    # A shell from the Azure CLI takes both (Azure Bastion's configuration settings).
    assert (said(bastion, "--sku"), said(bastion, "--enable-tunneling")) == ("Standard", "true")
    assert said(shell, "--username") == said(machine, "--admin-username")
    assert (
        said(shell, "--ssh-key") == said(key, "-f") == said(machine, "--ssh-key-values").removesuffix(".pub")
    )


def test_what_the_stack_does_not_know_is_deleted_before_the_network(tmp_path: Path) -> None:
    made = [
        (words[1:-1], said(words, "--name"))
        for number, name in enumerate(("az vm create", "az network bastion create"))
        for words in run(block(name), tmp_path / str(number))
        if "create" in words
    ]
    gone = [(words, said(words, "--name")) for words in run(block("az vm delete"), tmp_path / "gone")]
    kinds = {(tuple(words[: words.index("create")]), name) for words, name in made}
    assert {(tuple(words[1 : words.index("delete")]), name) for words, name in gone} == kinds
    assert gone[-1][0][1:4] == ["network", "vnet", "subnet"], "after all that is in it"
