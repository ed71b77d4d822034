"""The catalog against Azure, over real HTTP: what is new there."""

from __future__ import annotations

import json

import yaml
from secure_aks_lifecycle.facts.catalog import Catalog
from secure_aks_lifecycle.facts.schema import CatalogData, problems

from tests.lifecycle.azure_versions import listed


def test_nothing_new_is_no_difference(azure, refresh, capsys, tmp_path) -> None:
    azure.answers(listed())
    before = (tmp_path / "catalog.yaml").read_text()
    assert refresh() == 0
    said = capsys.readouterr().out
    assert "holds all that westeurope offers" in said
    assert "nothing written" in said
    assert (tmp_path / "catalog.yaml").read_text() == before
    assert "/locations/westeurope/kubernetesVersions" in azure.paths[0]


def test_the_difference_as_json(azure, refresh, capsys, tmp_path) -> None:
    azure.answers(listed(**{"1_36": {"version": "1.36", "patchVersions": {"1.36.9": {}}}}))
    before = (tmp_path / "catalog.yaml").read_text()
    assert refresh("--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["location"], told["after"], told["written"]) == ("westeurope", "2026-11-23", False)
    assert any("1.36.9" in line for line in told["differences"])
    assert (tmp_path / "catalog.yaml").read_text() == before
    assert refresh("--json", "--write") == 0
    assert json.loads(capsys.readouterr().out)["written"] is True
    assert "1.36.9" in (tmp_path / "catalog.yaml").read_text()


def test_the_difference_is_shown_and_written(azure, refresh, capsys, tmp_path) -> None:
    azure.answers(
        listed(
            # None is what Azure sends for a switch that is off, and for no upgrades.
            **{
                "1_38": {
                    "version": "1.38",
                    "isPreview": True,
                    "patchVersions": {"1.38.0": {"upgrades": None}},
                },
                "1_37": {"version": "1.37", "isPreview": None, "patchVersions": {"1.37.1": {}}},
                "1_36": {"version": "1.36", "patchVersions": {"1.36.3": {}, "1.36.4": {"upgrades": None}}},
                "1_34": {
                    "version": "1.34",
                    "capabilities": {"supportPlan": ["AKSLongTermSupport"]},
                    "patchVersions": None,
                },
                "1_35": None,
            }
        )
    )
    assert refresh("--write") == 0
    said = capsys.readouterr().out
    for line in (
        "+ 1.36.4 is offered",
        "~ 1.37 is generally available; it is dated 2026-11-23",
        "+ 1.37.1 is offered",
        "+ 1.38 is new here: its dates are estimated",
        "~ 1.34 is offered with long-term support only: its support ended before 2026-11-23",
        "? 1.35 has support here, but westeurope does not offer it",
    ):
        assert line in said
    file = tmp_path / "catalog.yaml"
    assert problems(CatalogData, yaml.safe_load(file.read_text())) == []
    new = Catalog.load(file)
    assert new.date.isoformat() == "2026-11-23"
    assert "versions offered in westeurope on 2026-11-23" in new.source
    newest = new.newest(new.date)
    assert newest is not None
    assert newest.minor == (1, 37)
    ended = new.release((1, 34))
    assert ended is not None
    assert ended.end_of_life.isoformat() == "2026-11-22"
    assert "1.36.4" in file.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.yaml"], "no temporary file stays behind"


def test_a_second_refresh_finds_nothing(azure, refresh, capsys) -> None:
    azure.answers(listed(**{"1_36": {"version": "1.36", "patchVersions": {"1.36.3": {}, "1.36.4": {}}}}))
    refresh("--write")
    capsys.readouterr()
    assert refresh("--write") == 0
    assert "holds all that westeurope offers" in capsys.readouterr().out
