"""What a run says of the machine that it ran on."""

from __future__ import annotations

from pathlib import Path

from registry.services.bench import environment, gpus_here


def test_gpus_are_named_as_their_driver_names_them(tmp_path: Path) -> None:
    """One name for each; none without a driver, and none for a file that tells nothing."""
    for number, text in enumerate(
        ("Model: \t\t NVIDIA H100 80GB HBM3\nIRQ: 9\n", "Model: NVIDIA L4\n", "?\n")
    ):
        place = tmp_path / f"0000:0{number}:00.0"
        place.mkdir()
        (place / "information").write_text(text)
    assert gpus_here(tmp_path) == ["NVIDIA H100 80GB HBM3", "NVIDIA L4"]
    assert gpus_here(tmp_path / "none") == []


def test_machine_processors_and_versions_are_told() -> None:
    """They are in every record."""
    here = environment()
    assert {"machine", "cpus"} <= set(here.hardware)
    assert {"policy-commons", "python"} <= set(here.versions)
