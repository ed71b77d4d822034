"""What new users cut themselves on, once: what was typed, and the tests that keep it away. A test that goes has to be replaced here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.named import missing

ROOT = Path(__file__).parents[1]
PAPERCUTS: dict[str, tuple[str, ...]] = {
    "make preview in a terminal: megabytes of escape codes": (
        "engine/test_terminal.py::test_the_largest_shipped_stack_fits",
        "emulator/dry_run/test_command.py::test_the_largest_shipped_stack_fits_a_terminal",
    ),
    "a preview of another folder, in which no pack ran": (
        "emulator/dry_run/test_command.py::test_it_says_what_it_is_and_what_a_first_up_creates",
        "emulator/dry_run/test_command.py::test_on_the_engine_another_folder_without_a_pack_is_told_too",
        "test_azure_login.py::test_without_a_pack_one_line_says_so",
        "components/test_judged.py::test_the_engines_command_line_says_it",
    ),
    "the advice `refresh --location`, pasted": (
        "lifecycle/test_cli.py::test_the_commands_work_inside_the_packs_folder_too",
        "upgrades/test_printed_commands.py::test_every_printed_command_parses",
    ),
    "upgrades check without the Pulumi CLI": (
        "upgrades/test_command_line.py::test_without_a_cli_one_line_names_two_ways_to_get_one",
        "emulator/test_passed_on.py::test_a_machine_without_it_is_told",
    ),
    "make azure-up without a login": (
        "test_azure_login.py::test_without_a_login_one_line_says_so_and_pulumi_is_not_started",
    ),
    "the advice `upgrades next`, without what it needs": (
        "upgrades/check/test_advice.py::test_a_command_in_the_advice_has_all_it_needs",
        "upgrades/test_printed_commands.py::test_every_printed_command_parses",
    ),
    "make outputs: 2,865 lines": (
        "emulator/test_outputs.py::test_they_fit",
        "engine/test_whole_life.py::test_outputs_fit_on_the_smallest_screen",
    ),
    "make up, at the end the whole kubeconfig": (
        "engine/test_session.py::test_an_up_ends_with_a_few_lines_of_each_output",
    ),
    "make destroy STACK=prod: a dead end": (
        "engine/test_session.py::test_a_stack_that_is_protected_says_how_it_is_taken_down_and_that_works",
        "engine/test_whole_life.py::test_destroy",
    ),
    "every version lowered after an up: three messages that contradict each other": (
        "lifecycle/test_one_change.py::test_versions_that_all_go_down_are_told_once_with_one_remedy",
    ),
    "make windows, piped or at 80 columns": (
        "test_narrow.py::test_a_table_fits_80_columns_and_nothing_of_it_is_cut_off",
    ),
    "make preview at 80 columns: the tree's stem is lost": (
        "emulator/dry_run/test_command.py::test_in_a_terminal_long_texts_stay_in_the_tree",
        "emulator/dry_run/test_command.py::test_in_a_terminal_a_name_that_is_too_long_keeps_the_stem",
    ),
    "make explain of a code that a message printed": (
        "test_explain.py::test_the_command_finds_each_in_its_place",
        "test_explain.py::test_codes_in_messages_and_reports_are_known",
    ),
    "check --subscription A --subscription B: B alone": (
        "upgrades/check/test_command.py::test_several_subscriptions_are_all_told_of",
    ),
    "a rollout whose cluster is out of reach: pages of warnings": (
        "upgrades/observe/test_cluster_login.py::test_a_cluster_that_cannot_be_reached_is_asked_once_and_told_in_one_line",
        "upgrades/observe/test_cluster_login.py::test_who_asks_a_cluster_out_of_reach_again_waits_no_second_time",
        "upgrades/test_quiet.py::test_libraries_are_heard_only_when_asked_for",
    ),
    "the report, printed or on a phone": (
        "upgrades/render/test_dated_forms.py::test_cards_fold_on_a_phone_and_details_open_on_paper",
    ),
    "a preview after a bump: 100 lines of versions": (
        "components/test_program.py::test_an_entry_is_one_line_that_the_engine_does_not_spread",
        "engine/test_whole_life.py::test_up_bump_and_refresh",
        "engine/test_terminal.py::test_the_largest_shipped_stack_fits",
    ),
    "a comment beside a version that a rollout made wrong": (
        "test_papercuts.py::test_no_comment_of_a_shipped_stack_file_is_about_today",
    ),
}
ABOUT_TODAY = re.compile(
    r"\d+\.\d+|\b(?:behind|ahead|next step|latest|newest|current(?:ly)?|today|now|still|so far|yet)\b"
)


@pytest.mark.parametrize("seen", PAPERCUTS)
def test_each_is_kept_away_by_tests_that_there_are(seen: str) -> None:
    assert PAPERCUTS[seen]
    assert missing(PAPERCUTS[seen]) == []


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_no_comment_of_a_shipped_stack_file_is_about_today(stack: str) -> None:
    """A rollout changes version lines alone: what a comment says of them has to hold after each."""
    lines = (ROOT / f"Pulumi.{stack}.yaml").read_text("utf-8").splitlines()
    comments = {line: line.partition("#")[2] for line in lines if "#" in line and "$schema" not in line}
    assert len(comments) > 5
    assert [line for line, comment in comments.items() if ABOUT_TODAY.search(comment)] == []
    versions = [
        line for line in lines if re.search(r"(?:version|kubernetesVersion): *[\"']?\d+\.\d+\.\d+", line)
    ]
    assert len(versions) > 2
    assert [line for line in versions if "#" in line] == []
