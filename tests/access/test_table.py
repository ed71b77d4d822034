"""The declared access as a table, on the command line and in the docs."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from secure_aks_lifecycle import ending

from components.access.render import as_csv, as_markdown, as_text, presets_markdown
from components.access.table import access_data, access_table
from settings.whole_file import write_whole
from tests import command_line
from tests.access.helpers import ROOT, STACKS, stack_settings
from tests.settings.test_clusters import FOUR_LINES
from tests.settings.test_own_cluster import LINES

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs" / "access.md"


def written(text: str) -> str:
    """The docs page with its tables made anew."""
    groups = "".join(
        f"\n### {stack}\n\n{as_markdown(access_table(stack_settings(stack)))}" for stack in STACKS
    )
    for name, table in (("presets", presets_markdown()), ("groups", groups.removeprefix("\n"))):
        text, count = re.subn(
            rf"(<!-- {name}[^>]*-->\n)(?:.|\n)*?(<!-- /{name} -->)", rf"\g<1>\n{table}\n\g<2>", text
        )
        assert count == 1, f"{DOCS}: the markers of {name} are gone"
    return text


def test_the_docs_have_the_tables_of_today():
    """On a failure: `python -m tests.access.test_table` writes them."""
    assert DOCS.read_text() == written(DOCS.read_text())


def test_a_row_for_each_group_and_resource():
    rows = access_table(stack_settings("prod"))
    assert len({row[:1] + row[2:6] for row in rows}) == len(rows)
    secrets = [row for row in rows if row.resource == "secrets"]
    assert {row.role for row in secrets} == {"operator"}
    pods = next(
        row for row in rows if (row.group, row.api_group, row.resource) == ("payments-developers", "", "pods")
    )
    assert pods.verbs == ("get", "list", "watch", "create", "update", "patch", "delete")
    assert pods.namespace == "payments"


def test_no_two_stacks_make_the_same_group():
    """They share a tenant; the second one to come up would be refused."""
    names = [group.name for stack in STACKS for team in stack_settings(stack).teams for group in team.groups]
    assert len(names) == len(set(names))


def test_the_output_is_plain_data():
    data = access_data(stack_settings("dev"))
    assert json.loads(json.dumps(data)) == data
    assert data[0] == {
        "group": "payments-dev-developers",
        "objectId": None,
        "namespace": "payments",
        "role": "developer",
        "apiGroup": "",
        "resource": "namespaces",
        "verbs": ["get"],
        "resourceNames": [],
    }


def test_text_is_in_columns_under_each_group():
    text = as_text(access_table(stack_settings("dev")))
    blocks = text.split("\n\n")
    assert [block.splitlines()[0] for block in blocks][:2] == [
        "payments-dev-developers: developer in payments",
        "payments-dev-operators: operator in payments",
    ]
    columns = {re.match(r"  \S+ +", line).end() for line in blocks[0].splitlines()[1:]}  # pyright: ignore[reportOptionalMemberAccess] - each line has the form
    assert len(columns) == 1


def test_csv_reads_back():
    rows = access_table(stack_settings("dev"))
    read = list(csv.DictReader(as_csv(rows).splitlines()))
    assert len(read) == len(rows)
    assert read[1]["verbs"] == " ".join(rows[1].verbs)


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "components.access", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)}
    )


def test_the_command_prints_one_group_as_json():
    done = run("--stack", "prod", "--group", "catalog-viewers", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert {row["group"] for row in json.loads(done.stdout)} == {"catalog-viewers"}


def test_a_name_that_nobody_has_is_refused():
    done = run("--stack", "prod", "--group", "catalog-viewer", "--namespace", "catalogue", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "--group catalog-viewer: no such name in the rights of prod; did you mean `catalog-viewers`?",
        "--namespace catalogue: no such name in the rights of prod; did you mean `catalog`?",
    ]


def test_each_cluster_of_a_stack_has_a_table(tmp_path):
    command_line.stack_files(tmp_path)
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(path.read_text() + FOUR_LINES)
    first, blue = (run("--stack", name, "--json", cwd=tmp_path) for name in ("dev", "dev/blue"))
    assert "the same in each cluster of the stack: dev, dev/blue" in first.stderr
    assert (blue.returncode, blue.stderr) == (0, "")
    assert json.loads(blue.stdout) == json.loads(first.stdout) != []
    assert "the clusters here are: dev, dev/blue" in run("--stack", "dev/x", cwd=tmp_path).stderr


def test_a_team_with_a_cluster_of_its_own_is_in_that_clusters_table(tmp_path):
    command_line.stack_files(tmp_path)
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("isolation: sandbox", "isolation: cluster") + LINES)
    first, own = (run("--stack", name, "--json", cwd=tmp_path) for name in ("dev", "dev/partners"))
    assert {row["namespace"] for row in json.loads(own.stdout)} == {"partners"}
    assert {row["namespace"] for row in json.loads(first.stdout)} == {"payments", "checkout"}
    said, where = first.stderr.splitlines()
    assert said == "these are the teams of the stack's first cluster, dev"
    assert where.startswith("partners has a cluster of its own: ")
    assert where.endswith("python -m components.access --stack dev/partners")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "it cannot be read: No such file or directory"),
        ("config:\n  secure-aks:teams: nonsense\n", "secure-aks:teams"),
    ],
)
def test_the_command_explains_a_bad_stack(content, said, tmp_path):
    if content:
        (tmp_path / "Pulumi.bad.yaml").write_text(content)
        (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    done = run("--stack", "bad", cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def _write() -> None:
    write_whole(DOCS, written(DOCS.read_text()))


if __name__ == "__main__":
    ending.run(lambda: _write)
