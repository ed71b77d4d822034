"""The commands, the generated page, and what importing the pack costs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from secure_aks_lifecycle.cli import main
from secure_aks_lifecycle.rules import RULES

ROOT = Path(__file__).parents[2]
PACK = ROOT / "policies" / "lifecycle"
PAGE = ROOT / "docs" / "policies-lifecycle.md"


def python(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_the_page_is_up_to_date() -> None:
    assert main(["docs", "--check", "--output", str(PAGE)]) == 0


def test_a_page_that_is_not_is_told_how_to_write_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "page.md"
    assert main(["docs", "--check", "--output", str(file)]) == 1
    assert "write it: python -m secure_aks_lifecycle docs --output" in capsys.readouterr().err
    assert main(["docs", "--output", str(file)]) == 0
    assert main(["docs", "--check", "--output", str(file)]) == 0
    file.write_text(file.read_text() + "x")
    assert main(["docs", "--check", "--output", str(file)]) == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_is_explained_and_documented(rule, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule.id]) == 0
    said = capsys.readouterr().out
    for text in (rule.title, rule.why, rule.remedy, *(param.description for param in rule.params.values())):
        assert text in said
        assert text in PAGE.read_text(encoding="utf-8")
    assert bool(rule.check) != bool(rule.stack_check), "a rule judges resources or the stack"
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert rule.remedy.endswith(".")


def test_explain_lists_the_rules_and_refuses_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    said = capsys.readouterr().out
    assert all(rule.id in said for rule in RULES)
    assert main(["explain", "no-such"]) == 2
    assert "there is no rule no-such; there are legal-step, " in capsys.readouterr().err


def test_the_commands_work_inside_the_packs_folder_too() -> None:
    done = python("-m", "secure_aks_lifecycle", "explain", "legal-step", cwd=PACK)
    assert done.returncode == 0
    assert done.stdout.startswith("legal-step (mandatory")


def test_the_pack_loads_nothing_slow_that_it_does_not_need() -> None:
    slow = (
        "[m for m in ('pydantic', 'azure.identity', 'pulumi_azure_native', 'requests') if m in sys.modules]"
    )
    done = python("-c", f"import sys, secure_aks_lifecycle.judging.policies; print({slow})", cwd=PACK)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_modules_that_settings_and_upgrades_import_need_no_pulumi() -> None:
    pure = [
        *(f"facts.{name}" for name in ("catalog", "apis")),
        *(f"stack.{name}" for name in ("record", "replacement")),
        *(
            f"versions.{name}"
            for name in (
                "version",
                "support",
                "skew",
                "steps",
                "refusal",
                "promotion",
                "advice",
                "node_image",
            )
        ),
        "clock",
    ]
    imports = "; ".join(f"import secure_aks_lifecycle.{name}" for name in pure)
    done = python("-c", f"import sys; {imports}; print('pulumi' in sys.modules)")
    assert done.stdout.strip() == "False", done.stderr


def test_no_version_number_stands_in_code() -> None:
    found = {
        f"{path.name}: {line.strip()}"
        for path in PACK.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b1\.(1|2|3|4)\d(\.\d+)?\b", line)
    }
    assert found == set()
