"""Any stack file: read, or refused in words that help, and soon."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from settings import SettingsError, load_file
from settings.checks.finding import MOST
from settings.sections.stack import StackSettings
from tests.settings.fuzz import mutate
from tests.settings.fuzz.__main__ import CORPUS, ROOT, made
from tests.settings.fuzz.judge import complaint
from tests.settings.grammar import stack_files

SEEDS = sorted(CORPUS.glob("*.yaml"))
PATIENT = settings(
    deadline=None,
    max_examples=70,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    monkeypatch.setenv("SECURE_AKS_CLOCK", "2026-11-23")


@pytest.fixture
def place(tmp_path):
    for stack in ("dev", "staging", "prod"):
        shutil.copy(ROOT / f"Pulumi.{stack}.yaml", tmp_path)
    return tmp_path / "Pulumi.prod.yaml"


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_every_seed_is_taken_as_its_first_line_says(place, seed):
    data = seed.read_bytes()
    # Of prod only what is about prod: it asks for much that a small file does not have.
    path = place if "called prod" in data.decode(errors="replace") else place.with_name("Pulumi.x.yaml")
    path.write_bytes(data)
    assert complaint(path) is None
    verdict = data.splitlines()[0].decode().removeprefix("# ")
    if verdict == "accepted":
        load_file(path)
        return
    with pytest.raises(SettingsError) as refused:
        load_file(path)
    meant = [p for p in refused.value.problems if verdict.removeprefix("refused: ") in p.why]
    assert meant, str(refused.value)
    assert all(problem.line for problem in meant), str(refused.value)


LARGE = {
    "words for pools": "  secure-aks:pools: [" + "a, " * 9000 + "]\n",
    "unknown keys": "  secure-aks:audit: {" + ", ".join(f"k{n}: 1" for n in range(9000)) + "}\n",
    "exemptions from nothing": "  secure-aks:exemptions:\n"
    + "".join(
        f'    - {{rule: r{n}, resource: {{name: g}}, reason: x, until: "2026-12-31"}}\n' for n in range(490)
    ),
    "days": "  secure-aks:maintenance: {notAllowed: ["
    + '{start: "2026-12-01", end: "2026-12-02"}, ' * 3000
    + "]}\n",
    "levels of nothing": "  secure-aks:policies: {security: {"
    + ", ".join(f"k{n}: disabled" for n in range(9000))
    + "}}\n",
}


@pytest.mark.parametrize("more", LARGE.values(), ids=LARGE)
def test_a_large_file_gets_a_refusal_of_some_pages(place, more):
    path = place.with_name("Pulumi.x.yaml")
    path.write_text((CORPUS / "accepted-base.yaml").read_text() + more)
    assert complaint(path) is None
    with pytest.raises(SettingsError) as refused:
        load_file(path)
    assert 0 < len(refused.value.problems) <= 2 * MOST
    assert len(str(refused.value)) < 100_000


def test_pools_past_the_most_are_still_laid_out(place):
    pools = "".join(
        f"    - {{name: p{n}, version: 1.35.6, vmSize: Standard_D4ds_v5, osSku: Ubuntu2404, count: 1}}\n"
        for n in range(490)
    )
    path = place.with_name("Pulumi.x.yaml")
    text = (CORPUS / "accepted-base.yaml").read_text() + f"  secure-aks:pools:\n{pools}"
    path.write_text(text.replace("10.60.0.0/16", "10.128.0.0/9\n    subnets: per-pool"))
    with pytest.raises(SettingsError, match="490 entries, and 200 are the most"):
        load_file(path)


def test_there_are_seeds_for_all_that_was_wrong_once():
    assert len(SEEDS) > 70


@PATIENT
@given(st.randoms(use_true_random=False), st.sampled_from([*SEEDS, ROOT / "Pulumi.prod.yaml"]))
def test_no_text_is_taken_badly(place, random, seed):
    place.write_bytes(mutate.text(seed.read_bytes(), random))
    assert complaint(place) is None


@PATIENT
@given(stack_files())
def test_nothing_of_the_grammar_is_taken_badly(place, document):
    place.write_text(json.dumps(document), encoding="utf-8", errors="replace")
    assert complaint(place) is None


def test_the_fuzzer_makes_files_of_both_kinds(place):
    accepted = 0
    for data in made(400, seed=1):
        place.write_bytes(data)
        try:
            accepted += isinstance(load_file(place), StackSettings)
        except SettingsError:
            continue
    assert 0 < accepted < 200


def test_the_judge_sees_what_is_wrong(place, monkeypatch):
    """Each kind of finding, made on purpose."""
    module = "tests.settings.fuzz.judge.load_file"
    monkeypatch.setattr(module, lambda path: 1 / 0)
    assert "ZeroDivisionError" in str(complaint(place))
    for problem, said in (
        (("secure-aks:cluster", "wrong", "mend it"), "no help"),
        (("secure-aks:cluster", " ", "write x"), "no help"),
        (("secure-aks:cluster", "wrong", "write x"), "no line"),
    ):
        monkeypatch.setattr(module, refusing(*problem))
        assert said in str(complaint(place))


def refusing(*problem):
    from settings import Problem  # noqa: PLC0415

    def load(path: Path):
        raise SettingsError(path.name, [Problem(*problem)])

    return load
