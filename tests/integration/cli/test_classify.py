"""`commons classify`, and `bench` with a model server."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, says, sends

SENTENCE = "It cannot follow rules and predicts nothing about the model."
KEY = "sk-very-secret"


def script(asked: Asked) -> Behaviour:
    if "BROKEN" in asked.content:
        return sends(b"<html>", status=404)
    if "CHATTY" in asked.content:
        return says("I would say SP2.")
    return says("SP2", reasoning="Paid\x1b[31m followers.\nSecond line.")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("COMMONS_MODEL_KEY", KEY)
    with ModelServer(script) as running:
        yield running


def asking(server: ModelServer) -> tuple[str, ...]:
    return ("--engine", "openai", "--base-url", server.base_url, "--model", MODEL)


def test_one_text_is_judged_with_its_advice(commons: Command) -> None:
    """Label, title, what it means and what is advised; the baseline's sentence stands beside it, apart."""
    said = commons("classify", "spam", "--text", "Buy 5,000 followers now, guaranteed delivery overnight!!!")
    assert said.code == 0
    assert SENTENCE in said.err
    assert SENTENCE not in said.out
    lines = said.out.splitlines()
    code = lines[0].removeprefix("spam: ")
    assert lines[1].startswith(f"{code} ")
    assert "the policy. Advice: " in lines[1]


def test_a_release_in_a_commons_is_named_with_its_version(commons: Command) -> None:
    """The document says which release judged, and what answered; there is no score to invent."""
    said = commons("classify", "demo.git", "spam@1.0.0", "--text", "Good morning", "--json")
    assert SENTENCE in said.err
    document = said.document
    assert list(document) == [
        *("policy", "engine", "model", "template", "verdict", "violates", "labels", "problem"),
    ]
    assert (document["policy"], document["engine"], document["problem"]) == (
        "demo/spam@1.0.0",
        "lexical",
        None,
    )
    assert document["verdict"] == {"label": document["labels"][0]["code"]}
    assert commons("classify", "demo.git", "spam@9.0.0", "--text", "x").code == 4


def test_a_text_may_come_by_standard_input(commons: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--text -` reads one text to its end."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Grüße\nan alle\n".encode())))
    assert commons("classify", "spam", "--text", "-").code == 0


def test_a_model_is_asked_and_its_words_are_folded(commons: Command, server: ModelServer) -> None:
    """What the model wrote is printed only when asked for, marked, and without what a terminal obeys."""
    plain = commons("classify", "spam", "--text", "Buy followers", *asking(server))
    assert plain.code == 0
    assert plain.out.startswith("spam: SP2\n")
    assert "followers." not in plain.out
    assert "--reasoning" in plain.err
    shown = commons(
        "classify", "spam", "--text", "Buy followers", *asking(server), "--reasoning", "--effort", "low"
    )
    assert (
        "may be wrong or harmful, not for end users:\n  | Paid\\x1b[31m followers.\n  | Second line."
        in shown.out
    )
    assert server.asked[-1].document["reasoning_effort"] == "low"
    assert server.asked[-1].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in plain.out + plain.err + shown.out + shown.err


def test_a_file_is_answered_in_its_order_a_document_a_line(
    commons: Command, server: ModelServer, tmp_path: Path
) -> None:
    """Every text has a line with its id; two without a verdict are told, and the exit code says so."""
    texts = [{"id": "same", "content": f"Offer {number}"} for number in range(20)]
    texts += [{"id": "b", "content": "BROKEN"}, {"id": "c", "content": "CHATTY"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, texts)), "utf-8")
    said = commons("classify", "spam", "--file", "in.jsonl", *asking(server), "--json", "--concurrency", "8")
    assert said.code == 1
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [line["id"] for line in lines] == [text["id"] for text in texts]
    assert [line["verdict"] for line in lines[-3:]] == [
        {"label": "SP2"},
        {"failed": "http-404"},
        {"unparsed": "not-a-label"},
    ]
    assert lines[-1]["problem"] == "The model answered something other than one label of this policy."
    assert "reasoning" not in lines[0]
    for_people = commons("classify", "spam", "--file", "in.jsonl", *asking(server))
    assert for_people.code == 1
    assert for_people.out.splitlines()[0] == "same\tSP2\tMass or pushy spam\tremove"
    assert "2 of 22 texts got no verdict." in for_people.err


def test_text_of_strangers_cannot_steer_the_terminal(commons: Command, tmp_path: Path) -> None:
    """Ids of a file are printed as escapes."""
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "\x1b[2J\u202e", "content": "Hello"}), "utf-8")
    said = commons("classify", "spam", "--file", "in.jsonl")
    assert said.out.startswith("\\x1b[2J\\u202e\t")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--text", "a", "--file", "b.txt"), 2),
        (("--text", " "), 2),
        (("--file", "missing.txt"), 2),
        (("--text", "a", "--engine", "lexical-cv"), 2),
        (("--text", "a", "--engine", "openai"), 2),
        (("--text", "a", "--base-url", "http://h/v1"), 2),
        (("--text", "a", "--engine", "openai", "--base-url", "ftp://h", "--model", "m"), 2),
        (("--text", "a", "--engine", "openai", "--base-url", "http://127.0.0.1:1/v1", "--model", "m"), 5),
    ],
)
def test_what_cannot_be_asked_is_refused(commons: Command, arguments: tuple[str, ...], code: int) -> None:
    """Wrong usage is 2; a server that does not answer is 5, to be tried again."""
    said = commons("classify", "spam", *arguments)
    assert (said.code, said.out) == (code, "")


def test_a_run_on_a_model_server_is_kept_and_read_again(commons: Command, server: ModelServer) -> None:
    """The record says model, effort, template and what the server is; replay gives the same figures."""
    said = commons(
        *("bench", "spam", "--engine", "openai", "--base-url", server.base_url, "--model", MODEL),
        *("--effort", "low", "--server-setting", "dtype=bfloat16", "--record-to", "demo.git", "--json"),
    )
    assert said.code == 0, said.err
    record = said.document["record"]
    assert record["parts"]["engine"] == "openai"
    assert record["parts"]["model"]["id"] == MODEL
    assert record["parts"]["effort"] == "low"
    assert record["parts"]["template"] == "safeguard-label@1"
    assert record["parts"]["config"] == {"server-dtype": "bfloat16"}
    assert (said.document["recorded"], said.document["unanswered"]) == (True, 0)
    assert server.base_url not in said.out
    assert KEY not in said.out
    again = commons(
        "bench", "spam", "--engine", "replay", "--from", "demo.git", "--run", record["key"], "--json"
    )
    assert again.document["record"]["metrics"] == record["metrics"]
    assert commons("verify", "demo.git").code == 0


def test_flags_are_asked_for_with_their_own_template(
    commons: Command, server: ModelServer, tmp_path: Path
) -> None:
    """A policy of flags needs no option: the model is asked for an object, and what it raises is shown."""
    text = (tmp_path / "spam" / "policy.md").read_text("utf-8")
    (tmp_path / "flags").mkdir()
    (tmp_path / "flags" / "policy.md").write_text(
        text.replace("labelling: single", "labelling: multi", 1), "utf-8"
    )

    def flags(_asked: Asked) -> Behaviour:
        return says('{"SP0": false, "SP1": true, "SP2": false, "SP3": true}')

    with ModelServer(flags) as other:
        said = commons("classify", "flags", "--text", "Offer", *asking(other), "--json")
    assert said.code == 0, said.out
    assert [label["code"] for label in said.document["labels"]] == ["SP1", "SP3"]
    assert said.document["template"] == "safeguard-flags@1"
    named = commons(
        "classify", "flags", "--text", "Offer", *asking(server), "--template", "safeguard-label@1"
    )
    assert (named.code, "single labelling" in named.err) == (2, True)


def test_a_run_with_answers_missing_is_not_kept(commons: Command) -> None:
    """A server that fails on a case leaves no evidence behind: exit 1, and nothing in the log."""
    seen: list[str] = []

    def fails_once(asked: Asked) -> Behaviour:
        seen.append(asked.content)
        return sends(b"", status=404) if len(seen) == 3 else says("SP0")

    before = commons("log", "demo.git").out
    with ModelServer(fails_once) as server:
        said = commons("bench", "spam", *asking(server), "--record-to", "demo.git")
    assert said.code == 1
    assert "1 answer never came; each counts as wrong. The run was not kept." in said.err
    assert "To ask for what is missing: commons bench spam --engine openai" in said.err
    assert commons("log", "demo.git").out == before
