from __future__ import annotations

from pathlib import Path

import pytest

from registry.services.errors import InputRefusedError
from registry.services.text_files import Text, read_texts


def written(folder: Path, name: str, raw: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


@pytest.mark.parametrize(
    ("name", "raw", "texts"),
    [
        (
            "a.jsonl",
            '\ufeff{"id": "x", "content": "1\\u2028"}\n\n{"content": "2", "id": 7}\n{"content": "3"}',
            [Text("x", "1\u2028"), Text("7", "2"), Text("4", "3")],
        ),
        (
            "a.csv",
            'id,content,context\r\nx,"One,\nmore",\r\n,Two,Where\r\n',
            [Text("x", "One,\nmore"), Text("4", "Two", "Where")],
        ),
        ("a.csv", "Text;Label\nOne;SP0\nTwo;SP1\n", [Text("2", "One"), Text("3", "Two")]),
        ("a.tsv", "id\tcontent\nx\tOne, two\n", [Text("x", "One, two")]),
        ("a.TXT", "One\r\n\n Two \n", [Text("1", "One"), Text("3", " Two ")]),
        ("a.jsonl", '{"content": "1", "context": "Where"}', [Text("1", "1", "Where")]),
        ("a.ndjson", '{"content": "\\ud83d"}', [Text("1", "\ud83d")]),
    ],
)
def test_texts_are_read_with_their_ids(tmp_path: Path, name: str, raw: str, texts: list[Text]) -> None:
    """Each kind of file gives its texts in order; a text without an id goes by its line."""
    assert list(read_texts(written(tmp_path, name, raw))) == texts


@pytest.mark.parametrize(
    ("name", "raw", "place", "rule"),
    [
        ("a.pdf", "x", "a.pdf", "its ending"),
        ("a.jsonl", "", "a.jsonl", "there is no text"),
        ("a.txt", "\n \n", "a.txt", "there is no text"),
        ("a.csv", "content\n", "a.csv", "there is no text"),
        ("a.jsonl", '{"content": "a"}\n{"content": ', "a.jsonl:2", "not a JSON object"),
        ("a.jsonl", '["a"]', "a.jsonl:1", "not a JSON object"),
        ("a.jsonl", "[" * 100_000, "a.jsonl:1", "not a JSON object"),
        ("a.jsonl", '{"text": "a"}', "a.jsonl:1", "no text as `content`"),
        ("a.jsonl", '{"content": ["a"]}', "a.jsonl:1", "no text as `content`"),
        ("a.jsonl", '{"content": " "}', "a.jsonl:1", "it is empty"),
        ("a.jsonl", '{"content": "a", "id": true}', "a.jsonl:1", "`id`"),
        ("a.jsonl", '{"content": "a", "id": ""}', "a.jsonl:1", "its id"),
        ("a.jsonl", '{"content": "a", "context": 3}', "a.jsonl:1", "`context`"),
        ("a.txt", b"fine\nb\xff\n", "a.txt:2", "not UTF-8"),
        ("a.txt", "x" * (1024 * 1024 + 1), "a.txt:1", "over 1 MiB"),
        ("a.csv", "id,body\n1,x\n", "a.csv:1", "no column `content`"),
        ("a.csv", "id,content\n1,x\n2\n", "a.csv:3", "ends before"),
        ("a.csv", 'id,content\n1,"x\n2,y\n', "a.csv:2", "cannot be read"),
    ],
)
def test_what_cannot_be_read_stops_everything_with_its_line(
    tmp_path: Path, name: str, raw: bytes | str, place: str, rule: str
) -> None:
    """No row is passed over: the first that is wrong is named, and nothing is classified."""
    with pytest.raises(InputRefusedError) as raised:
        read_texts(written(tmp_path, name, raw))
    assert raised.value.place == str(tmp_path / place)
    assert rule in raised.value.rule
