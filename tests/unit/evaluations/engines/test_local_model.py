"""A model's folder is looked at before it is loaded: is it one, and exactly which?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluations.engines.local_model import LocalModel, look
from evaluations.errors import EngineError

CONFIG = {
    "model_type": "gpt_oss",
    "dtype": "bfloat16",
    "max_position_embeddings": 131_072,
    "quantization_config": {"quant_method": "mxfp4"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "gpt-oss-safeguard-20b"
    place.mkdir()
    (place / "config.json").write_text(json.dumps(CONFIG))
    (place / "model.safetensors").write_bytes(b"weights")
    (place / "tokenizer.json").write_text("{}")
    (place / "README.md").write_text("A card.")
    return place


def _look(place: Path | str, **more: str) -> LocalModel:
    return look("vllm", str(place), **more)


def test_a_folder_is_named_and_digested(folder: Path) -> None:
    """What it calls itself, its type and its weights' format; never where it lies."""
    model = _look(folder)
    assert (model.kind, model.context, model.commit) == ("gpt_oss", 131_072, None)
    manifest = model.manifest
    assert (manifest.id, manifest.dtype, manifest.quantisation) == (
        "gpt-oss-safeguard-20b",
        "bfloat16",
        "mxfp4",
    )
    assert str(manifest.revision).startswith("sha256:")
    assert str(folder) not in repr(manifest)
    assert _look(folder, called="openai/gpt-oss-safeguard-20b").manifest.id == "openai/gpt-oss-safeguard-20b"


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_changed_file_is_another_model(folder: Path, name: str) -> None:
    """A byte of the weights, a setting or a token: the digest moves; a word of the card does not move it."""
    before = _look(folder).manifest
    (folder / "README.md").write_text("Another card.")
    assert _look(folder).manifest == before
    changed = json.dumps({**CONFIG, "rope_theta": 1}) if name == "config.json" else "other"
    (folder / name).write_text(changed)
    after = _look(folder).manifest
    assert after.revision != before.revision
    assert (after.tokenizer != before.tokenizer) is (name == "tokenizer.json")


def test_the_same_files_elsewhere_are_the_same_model(folder: Path, tmp_path: Path) -> None:
    """Digests are of names and contents alone."""
    other = tmp_path / "copy"
    other.mkdir()
    for path in folder.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    assert _look(other).manifest.revision == _look(folder).manifest.revision


def test_a_context_inside_the_text_part_is_found(folder: Path) -> None:
    """Models of several kinds of input keep it there."""
    (folder / "config.json").write_text(json.dumps({"text_config": {"max_position_embeddings": 4096}}))
    assert _look(folder).context == 4_096


def test_a_folder_that_is_no_model_is_refused_with_what_is_missing(folder: Path) -> None:
    """No config, no weights, no sense in it: three errors, three remedies."""
    (folder / "model.safetensors").rename(folder / "model.part")
    with pytest.raises(EngineError, match=r"holds no weights\. Look for \*\.safetensors"):
        _look(folder)
    (folder / "config.json").write_text("[1]")
    with pytest.raises(EngineError, match="holds no object"):
        _look(folder)
    (folder / "config.json").write_text("{")
    with pytest.raises(EngineError, match="cannot be read"):
        _look(folder)
    (folder / "config.json").unlink()
    with pytest.raises(EngineError, match=r"has no config\.json"):
        _look(folder)


@pytest.mark.parametrize("name", ["no-such-folder", "/no/such/folder", "a/b/c", "../x", ""])
def test_a_name_that_is_neither_folder_nor_hub_name_is_refused(name: str) -> None:
    """With what could be given."""
    with pytest.raises(EngineError, match="is neither a folder nor a name on the Hub"):
        _look(name)


def test_a_name_that_cannot_be_recorded_is_refused(folder: Path) -> None:
    """Such as one with a blank, until another is given."""
    odd = folder.rename(folder.with_name("my model"))
    with pytest.raises(EngineError, match="Name it with served-model-name"):
        _look(odd)
    assert _look(odd, called="mine").manifest.id == "mine"
