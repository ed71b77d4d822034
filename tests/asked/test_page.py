"""The table against four modules: fresh, of settings that exist, and every remedy of it one that can be written."""

import pytest

from settings.checks.finding import RULES
from settings.facts.azure_api import Resource, members, properties
from settings.facts.ours import owner
from settings.facts.pack_rules import pack_rules
from tests.asked.inputs import bicep, terraform, unanswered
from tests.asked.keys import every, every_path
from tests.asked.page import TARGET, answered, answers, peers, render, rules_by_path, standing, watched_rows

PATHS = {*every_path(), *(f"{path}[]" for path in every_path())}
ROWS = peers()["answers"]


def test_the_page_is_fresh():
    assert TARGET.read_text(encoding="utf-8") == render(), "run `python -m tests.asked.page`"


def test_every_row_of_a_setting_names_who_asks_for_it():
    rows = [line for line in render().splitlines() if line.startswith("| `") and line.count(" | ") >= 5]
    assert len(rows) >= len(every())
    assert [row for row in rows if row.endswith("|  |")] == []


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: row.get("ours") or row.get("extra") or row["never"][:30]
)
def test_an_answer_is_one_that_can_be_written(row):
    assert len(row.keys() & {"ours", "extra", "never"}) == 1
    if "ours" in row:
        assert row["ours"] in PATHS
    if "extra" in row:
        place, _, path = row["extra"].partition(".extra.")
        resource: Resource = "cluster" if place == "cluster" else "pool"
        known = properties(resource)
        for part in path.split("."):
            assert part in known or known == {}, row["extra"]
            shape = known[part].shape if known else None
            known = members(shape.type) if shape and shape.kind == "object" else {}
        # What is ours is refused in an `extra`; what only has a part of ours is not.
        one = owner(resource, path)
        assert one is None or one.path.startswith(f"{path}."), row["extra"]


def test_every_setting_has_a_rule_or_the_reason_why_it_needs_none():
    unnamed = every().values() - rules_by_path().keys()
    stood = {standing(path) for path in unnamed}
    assert watched_rows().keys() == stood, "a row of watched.yaml stands for nothing"
    known = {*RULES, *(rule for pack in pack_rules().values() for rule in pack.every)}
    named = {rule for row in watched_rows().values() for rule in row.get("rules", ())}
    assert named - known == set()


def test_a_setting_that_is_new_has_no_reason_yet():
    with pytest.raises(KeyError):
        standing("cluster.newest")
    with pytest.raises(KeyError):
        standing("cluster.backups")


@pytest.mark.parametrize("module", peers()["modules"])
def test_a_name_is_answered_once(module):
    names = [name for row in ROWS for name in row.get(module, ())]
    assert len(names) == len(set(names)) == len(answers(module))
    assert len(names) > 50


def test_an_input_is_answered_by_its_own_name_by_what_covers_it_or_by_its_twin():
    assert answered("avm", "agent_pools.kubelet_config.pod_max_pids") == "`pools[].kubelet.mostProcesses`"
    assert (
        answered("avm", "default_agent_pool.kubelet_config.pod_max_pids") == "`pools[].kubelet.mostProcesses`"
    )
    assert answered("avm", "agent_pools.linux_os_config.sysctls.vm_swappiness") == "`pools[].linux.sysctls`"
    assert (
        answered("terraform", "node_pools.linux_os_config.sysctl_config.vm_swappiness")
        == "`pools[].linux.sysctls`"
    )
    assert (
        answered("terraform", "node_pools.kubelet_config.container_log_max_files")
        == "`pools[].kubelet.logFiles`"
    )
    assert answered("avm", "agent_pools.kubelet_config.new") is None


def test_inputs_of_terraform_are_read_with_their_members():
    text = """
# variable "none" {}
variable "pools" {
  type = map(object({
    name  = string # a comment with { and "
    disks = optional(list(object({ size = number, kind = optional(string, "a{b") })), [])
  }))
  default = {}
  description = <<-EOT
    variable "neither" { type = string
  EOT
}
variable "free" { default = "variable" }
"""
    assert terraform(text) == {"pools": {"name": {}, "disks": {"size": {}, "kind": {}}}, "free": {}}


def test_inputs_of_bicep_are_its_parameters_and_what_it_says_of_its_cluster():
    text = """
@description('a {')
param free string = 'x'
param scaler object = {
  'scan-interval': '10s' // 10
}
resource mc 'Microsoft.ContainerService/managedClusters@2024-03-02-preview' = {
  name: free
  properties: {
    pools: [
      {
        count: 3
        mode: free == 'x' ? 'a' : 'b'
      }
      {
        taints: [
          'a=b:c'
        ]
      }
    ]
  }
  sku: {
    tier: 'Standard'
  }
}
"""
    pools = {"count": {}, "mode": {}, "taints": {}}
    about = {"name": {}, "tags": {}, "identity": {}}
    assert bicep(text) == {
        "free": {},
        "scaler": {"scan-interval": {}},
        "pools": pools,
        "sku": {"tier": {}},
        **about,
    }


def test_an_input_without_an_answer_is_named(tmp_path):
    (tmp_path / "variables.new.tf").write_text(
        'variable "tags" { type = map(string) }\nvariable "newest" {}\n'
    )
    assert unanswered("avm", tmp_path) == (2, ["newest"])
