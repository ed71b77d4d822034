"""What was found out about AKS, Azure's provider, the engine and Kubernetes that is easily believed otherwise, and the tests that hold it.

A test that goes has to be replaced here.
"""

from __future__ import annotations

import pytest

from tests.named import missing

LAB, LIFE = "emulator/test_lab_on_a_control_plane.py", "engine/test_whole_life.py"
PROVIDER, CLUSTER, POOL = (
    "components/test_on_the_engine.py",
    "components/test_aks_cluster.py",
    "components/test_node_pool.py",
)
REFUSALS, DATA, CASES = (
    "emulator/azure/test_refusals_of_a_first_up.py",
    "lifecycle/test_data.py",
    "security/test_cases.py",
)
ENGINE: dict[str, tuple[str, ...]] = {
    "the CLI and the Kubernetes provider are built from modules of our own": (
        "control_plane/test_build.py::test_it_builds_once_for_each_go_mod_and_go_sum",
        "control_plane/test_build.py::test_a_go_mod_without_its_lines_is_to_be_restored",
        "emulator/engine/test_find.py::test_why_it_is_this_one",
    ),
    "a provider that is older than its SDK is warned of": (
        f"{LAB}::test_a_new_membership_is_waited_for_with_one_line",
    ),
    "a language host serves program and packs, and ends with the engine": (
        "engine/test_language_host.py::test_a_program_with_both_packs",
        "engine/test_language_host.py::test_configuration_with_secrets",
        "engine/test_language_host.py::test_ctrl_c_ends_all_of_it",
        "engine/test_language_host.py::test_an_engine_that_is_killed_leaves_no_process_behind",
    ),
    "by variables alone the engine finds backend, passphrase and stand-ins": (
        "emulator/test_lab.py::test_a_command_in_the_lab_finds_nothing_that_leads_past_it",
    ),
    "a stack is made, then unchanged, then a bump is one update, with both packs": (
        f"{LIFE}::test_up_bump_and_refresh",
        f"{LAB}::test_a_second_up_changes_nothing",
    ),
    "what a pack refuses is exit code 1": (
        "engine/test_language_host.py::test_what_a_pack_refuses_is_exit_code_1",
        "engine/test_parity.py::test_twenty_bad_variants",
    ),
    "a tag and a setting of the cluster change no object inside": (
        f"{LAB}::test_neither_the_order_of_lists_nor_a_change_of_the_cluster_touches_what_is_inside",
    ),
    "a pool in the middle comes and a team goes": (
        f"{LAB}::test_what_was_patched_with_kubectl_is_put_back_while_a_team_goes_and_a_pool_comes",
    ),
    "the real provider replaces ConfigMaps unless told, and deletes them first": (
        f"{CLUSTER}::test_provider_applies_on_the_servers_side_with_a_kubeconfig_without_credentials",
        "emulator/test_changed_in_place.py::test_every_section_is_changed_in_place_and_admission_is_never_away",
    ),
    "lists that are empty are dropped by the provider": (
        "security/test_admission_component.py::test_no_list_is_sent_empty",
    ),
    "a refresh brings every pool into the cluster's inputs": (
        "emulator/azure/test_clusters.py::test_a_refresh_brings_every_pool_into_the_inputs_and_the_next_bump_is_refused",
        f"{PROVIDER}::test_over_several_ups_nothing_goes_back_and_a_refresh_heals_by_itself",
    ),
    "a team that is taken out goes with its namespace": (
        "lifecycle/test_teams.py::test_a_team_that_goes_is_named_with_all_that_goes_with_it",
        "lifecycle/test_shipped_stacks.py::test_everything_wrong_at_once_is_told_and_a_team_goes_in_prod_once_that_is_said_twice",
        f"{LIFE}::test_a_team_of_an_up_that_failed_half_way_does_not_go_untold",
    ),
    "without a login libraries print pages": (
        "upgrades/observe/test_nobody.py::test_a_login_that_fails_is_one_line_and_asked_once",
        "upgrades/observe/test_cluster_login.py::test_a_cluster_that_cannot_be_reached_is_asked_once_and_told_in_one_line",
        "upgrades/test_quiet.py::test_libraries_are_heard_only_when_asked_for",
    ),
}
AZURE: dict[str, tuple[str, ...]] = {
    "pools may be three minors behind": (
        "lifecycle/test_versions.py::test_skew",
        "upgrades/plan/test_plan.py::test_pools_wait_until_the_skew_forces_them",
    ),
    "of an LTS minor only the two newest patches have support": (
        "upgrades/check/test_assess.py::test_an_old_patch_of_an_lts_minor_says_which_patch_has_support",
    ),
    "with LTS minors may be skipped": (
        "lifecycle/test_one_change.py::test_long_term_support_may_skip_minors_within_the_skew",
        "emulator/azure/test_cluster_versions.py::test_long_term_support_may_skip_within_the_skew",
    ),
    "N-3 and older without LTS goes as a whole to the lowest supported minor": (
        "upgrades/plan/test_routes.py::test_a_minor_without_support_and_without_lts_goes_as_a_whole",
        "upgrades/plan/test_whole_cluster.py::test_everything_goes_in_one_step",
    ),
    "from 1.35 a surge without room falls back to one": (
        f"{DATA}::test_ubuntu_and_its_container_runtime_change_with_the_same_step",
        "upgrades/gates/test_room.py::test_a_surge_is_what_the_pool_has_when_the_step_begins",
    ),
    "a pool goes back once, within seven days, without a channel, to what has support": (
        "upgrades/plan/test_rollback.py::test_what_aks_does_not_take_back_is_refused_with_the_condition",
        "upgrades/plan/test_rollback.py::test_the_last_moment_of_the_seven_days_counts",
    ),
    "AKS's gate on removed APIs counts writes alone": (
        "upgrades/observe/test_uses.py::test_who_only_reads_by_a_removed_api_is_told_apart",
    ),
    "patches of the release notes of 4 September 2026": (
        f"{DATA}::test_the_patches_of_the_last_release_notes_are_there",
    ),
    "Windows2025 is FIPS alone, Ubuntu2404 never": (
        f"{REFUSALS}::test_windows_2025_wants_fips",
        "settings/test_machines.py::test_refused",
        f"{POOL}::test_windows_has_its_fips_image_and_no_security_profile",
    ),
    "FIPS of a Linux pool changes in place": (
        "emulator/azure/test_pool_settings.py::test_fips_of_a_linux_pool_changes_in_place_and_of_windows_never",
        f"{POOL}::test_fips_is_fixed_on_windows_alone",
    ),
    "OS Guard has no channel Unmanaged": (
        "emulator/azure/test_registries_and_peerings.py::test_os_guard_nodes_are_not_unmanaged",
        "settings/test_machines.py::test_fine",
    ),
    "Azure NPM on Windows has ended": (
        "emulator/azure/test_registries_and_peerings.py::test_windows_nodes_have_no_policies_but_calicos",
        "settings/test_machines.py::test_refused",
    ),
    "`kube-audit` holds `kube-audit-admin`": ("settings/test_names_and_ranges.py::test_refused",),
    "AKS Automatic chooses its own versions": (
        "settings/test_extra.py::test_refused",
        "adoption/test_import.py::test_automatic_is_left_out_in_words_before_anything_runs",
    ),
    "a drain takes five minutes to a day": (f"{REFUSALS}::test_a_drain_takes_five_minutes_to_a_day",),
    "Ubuntu and containerd change at 1.35; images end on days of their own": (
        f"{DATA}::test_ubuntu_and_its_container_runtime_change_with_the_same_step",
        f"{DATA}::test_an_image_ends_when_its_publisher_says",
        "upgrades/gates/test_gates.py::test_ubuntu_tells_what_comes_with_the_minor",
    ),
    "beta APIs are off from 1.30": (
        f"{DATA}::test_ubuntu_and_its_container_runtime_change_with_the_same_step",
        "upgrades/observe/test_uses.py::test_what_the_cluster_uses",
    ),
    "locks, failed and stopped clusters keep from upgrading": (
        f"{REFUSALS}::test_a_lock_on_a_group_of_the_cluster_keeps_from_upgrading",
        f"{REFUSALS}::test_a_stopped_cluster_and_its_pools_are_not_changed",
        f"{REFUSALS}::test_what_failed_moves_nowhere_but_to_where_it_was_to_go",
    ),
    "nodes that do not drain are labelled Quarantined": (
        "emulator/control_plane/test_pools.py::test_what_becomes_of_a_node_that_cannot_be_drained",
        "upgrades/observe/test_observe_kubernetes.py::test_a_node_that_aks_set_aside_or_that_lacks_something_is_seen",
    ),
    "azure-native gives up after two hours": (
        "components/test_way_in.py::test_time_limits_are_those_of_the_slowest_upgrade",
        f"{CLUSTER}::test_both_are_waited_for_as_long_as_the_system_pools_upgrade_may_take",
        f"{POOL}::test_pool_is_waited_for_as_long_as_its_upgrade_may_take",
        "emulator/plugins/test_waiting_and_pulling.py::test_a_change_of_more_than_two_hours_takes_limits_of_its_own",
    ),
    "a pool is made with a count and its type, and later has none": (
        f"{POOL}::test_autoscaled_pool_sends_a_count_at_creation_alone",
        f"{POOL}::test_request_that_changes_an_autoscaled_pool_has_no_count",
        f"{PROVIDER}::test_over_several_ups_nothing_goes_back_and_a_refresh_heals_by_itself",
    ),
    "keys of add-ons know no case": ("security/test_objects.py::test_addons_know_no_case",),
    "azure-native may be a package of one API version": (
        "security/test_objects.py::test_a_cluster_is_found_whatever_says_it",
        "lifecycle/test_pack.py::test_a_versioned_type_is_the_same_type",
    ),
    "RBAC: an empty name lists everything, a status takes labels, aggregation carries edit": (
        f"{CASES}::test_case",
    ),
    "a budget of iterations ends Google's CEL": (
        "security/test_size.py::test_a_large_object_that_is_well_is_let_pass",
        "security/test_size.py::test_what_the_api_server_would_not_get_through_each_rule_says_it_cannot_judge",
    ),
    "a bar draws itself through a redirected stdout": (
        "upgrades/render/test_live.py::test_what_others_print_does_not_go_through_the_bar",
    ),
}
FOUND = {**ENGINE, **AZURE}


@pytest.mark.parametrize("found", FOUND)
def test_each_is_held_by_tests_that_there_are(found: str) -> None:
    assert FOUND[found]
    assert missing(FOUND[found]) == []
