"""One's own runs: kept once, found again by every command, listed, forgotten, and never in the way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, ModelServer, says


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(lambda _: says("SP1", reasoning="It sells.")) as running:
        yield running


def _asking(server: ModelServer) -> tuple[str, ...]:
    return ("bench", "spam", "--engine", "openai", "--base-url", server.base_url, "--model", MODEL)


def _kept(folder: Path) -> list[Path]:
    return sorted((folder / ".data" / "policy-commons" / "runs").glob("*/*"))


def test_a_run_is_kept_and_not_made_again(commons: Command, server: ModelServer, tmp_path: Path) -> None:
    """It is shown as it was without asking the model, and only its owner may read it."""
    first = commons(*_asking(server), "--json").document
    again = commons(*_asking(server), "--json").document
    assert (first["made_now"], again["made_now"]) == (True, False)
    assert first["record"]["metrics"] == again["record"]["metrics"]
    assert len(server.asked) == 128
    (place,) = _kept(tmp_path)
    assert sorted(path.name for path in place.iterdir()) == [
        "cases.jsonl",
        "predictions.jsonl",
        "reasoning.jsonl",
        "record.json",
    ]
    assert [path.stat().st_mode & 0o077 for path in (place, place.parent.parent)] == [0, 0]


def test_asked_again_it_is_a_repeat_and_says_how_many_are_the_same(
    commons: Command, server: ModelServer, tmp_path: Path
) -> None:
    """`--again` asks every case anew and keeps both; their agreement is told."""
    assert commons(*_asking(server)).code == 0
    said = commons(*_asking(server), "--again", "--json").document
    assert said["same_as_before"] == {"count": 128, "n": 128}
    assert len(server.asked) == 2 * 128
    assert [place.name for place in _kept(tmp_path)] == ["1", "2"]
    listed = commons("runs", "--json").document["runs"]
    assert [run["repeat"] for run in listed] == [2, 1]
    assert f"run:{listed[0]['key'][:12]} (repeat 2)" in commons("runs").out


def test_a_run_that_is_not_to_be_kept_is_not(commons: Command, server: ModelServer, tmp_path: Path) -> None:
    """With --no-keep nothing of it stays on the machine, its journal included."""
    assert commons(*_asking(server), "--no-keep").code == 0
    assert _kept(tmp_path) == []
    assert list((tmp_path / ".cache").rglob("*.jsonl")) == []
    assert "No run is kept." in commons("runs").out


def test_runs_are_found_by_a_few_digits_of_their_key(commons: Command, server: ModelServer) -> None:
    """`run:KEY` needs no repository; too few digits, another key and no key are refused in words."""
    key = commons(*_asking(server), "--json").document["record"]["key"]
    assert commons("score", f"run:{key[:4]}").code == 0
    short = commons("score", f"run:{key[:3]}")
    assert (short.code, "4 to 64 hex digits" in short.err) == (ExitCode.WRONG_INPUT, True)
    other = "0000" if not key.startswith("0000") else "ffff"
    missing = commons("score", f"run:{other}")
    assert missing.code == ExitCode.NOT_FOUND
    assert "`commons runs` lists your own" in " ".join(missing.err.split())


def test_digits_of_several_keys_are_refused(commons: Command, server: ModelServer, tmp_path: Path) -> None:
    """Which run is meant is not guessed: those that begin so are named."""
    key = commons(*_asking(server), "--json").document["record"]["key"]
    store = _kept(tmp_path)[0].parent.parent
    twin = key[:8] + ("0" if key[8] != "0" else "1") + key[9:]
    shutil.copytree(store / key, store / twin)
    said = commons("score", f"run:{key[:8]}")
    assert said.code == ExitCode.WRONG_INPUT
    assert "2 runs begin so" in said.err
    assert twin[:12] in said.err


def test_a_run_is_forgotten_with_its_repeats(commons: Command, server: ModelServer, tmp_path: Path) -> None:
    """What is not kept any more is made anew; a key that is not there is not found."""
    key = commons(*_asking(server), "--json").document["record"]["key"]
    commons(*_asking(server), "--again")
    assert "Forgot 2 runs." in commons("runs", "--forget", f"run:{key[:8]}").out
    assert _kept(tmp_path) == []
    assert commons("runs", "--forget", key[:8]).code == ExitCode.NOT_FOUND
    assert commons("runs", "--forget", "").code == ExitCode.NOT_FOUND
    assert commons(*_asking(server), "--json").document["made_now"] is True


def test_a_damaged_run_is_told_and_the_others_are_listed(
    commons: Command, server: ModelServer, tmp_path: Path
) -> None:
    """One whose figures do not follow from its rows is never taken for a measurement."""
    key = commons(*_asking(server), "--json").document["record"]["key"]
    assert commons("bench", "spam").code == 0
    place = next(path for path in _kept(tmp_path) if path.parent.name == key)
    rows = (place / "predictions.jsonl").read_bytes()
    (place / "predictions.jsonl").write_bytes(rows.replace(b'"label":"SP1"', b'"label":"SP2"', 1))
    said = commons(*_asking(server))
    assert said.code == ExitCode.DAMAGED
    (place / "record.json").write_bytes(b"{}")
    assert len(commons("runs", "--json").document["runs"]) == 1
    assert commons("runs", "--forget", key).code == 0
    assert commons(*_asking(server)).code == 0


def test_a_folder_that_cannot_be_written_costs_no_result(
    commons: Command, server: ModelServer, tmp_path: Path
) -> None:
    """The figures are shown and the answers stay in their journal: the same command asks nothing again."""
    (tmp_path / ".data").write_bytes(b"in the way")
    said = commons(*_asking(server))
    assert said.code == 0
    assert "exact label" in said.out
    assert "The run was not kept among your own" in said.err
    assert commons(*_asking(server)).code == 0
    assert len(server.asked) == 128
    compared = commons("compare", "spam", "spam", *_asking(server)[2:])
    assert compared.code == ExitCode.WRONG_INPUT
    (tmp_path / ".data").unlink()
    assert json.loads(commons(*_asking(server), "--json").out)["kept"] is True
    assert len(server.asked) == 128


def test_a_baselines_run_is_kept_once(commons: Command, tmp_path: Path) -> None:
    """It gives the same answers every time, so a repeat of it would say nothing."""
    assert commons("bench", "spam").code == 0
    assert commons("bench", "spam").code == 0
    assert len(_kept(tmp_path)) == 1


def test_repeats_are_averaged_within_a_case(commons: Command, server: ModelServer) -> None:
    """Three answers to a case are three answers, but one case in every interval; agreement is told."""
    said = commons(*_asking(server), "--repeats", "3", "--json").document["record"]
    accuracy = said["metrics"]["headline"]["accuracy"]
    assert said["repeats"] == 3
    assert (accuracy["count"], accuracy["n"], accuracy["interval"]["n"]) == (96, 384, 128)
    assert said["metrics"]["self_agreement"]["count"] == 128
    assert len(server.asked) == 3 * 128
    # Fewer repeats of the same are there already, more are not.
    assert commons(*_asking(server), "--json").document["made_now"] is False
    assert commons(*_asking(server), "--repeats", "4", "--json").document["made_now"] is True


def test_a_starter_policy_is_found_where_nothing_is_served(commons: Command, tmp_path: Path) -> None:
    """Without a registry or `data/` the policies that ship stand in, which is said; other versions do not."""
    said = commons("compare", "starter/spam@1.0.0", "starter/scams@1.0.0")
    assert "as it ships with this program" in said.err
    for address in ("starter/spam@9.9.9", "other/spam@1.0.0", "starter/no-such@1.0.0"):
        other = commons("compare", address, "spam")
        assert (other.code, "no commons is at" in other.err) == (ExitCode.WRONG_INPUT, True)
    assert not (tmp_path / "data").exists()
