"""What a bundle may be: exactly what is written, and nothing else, whoever made it."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from policies.canonical import canonical_bytes
from policies.digest import folder_digest
from registry.services.bundle_file import (
    CREDITS,
    FORMAT,
    MANIFEST,
    BundledPolicy,
    BundledRun,
    BundleError,
    Manifest,
    is_bundle,
    member_of,
    write_bundle,
)
from registry.services.bundle_reading import Bundle
from tests.support.histories import policy_files

THANKS = b"# Thanks\n"
RUN = {"predictions.jsonl": b"{}\n", "record.json": b"{}\n"}


def policy(commons: str = "roost", version: str = "1.0.0", *, run: bool = False) -> BundledPolicy:
    files = policy_files("Spam")
    runs = (BundledRun(key="a" * 64, at=0, files={n: member_of(raw) for n, raw in RUN.items()}),)
    return BundledPolicy(
        commons=commons,
        slug="spam",
        version=version,
        commit="c" * 40,
        content="d" * 64,
        folder=folder_digest(files),
        text_licence="CC-BY-4.0",
        cases_licence=None,
        files={name: member_of(raw) for name, raw in files.items()},
        runs=runs if run else (),
    )


def packed(*policies: BundledPolicy) -> bytes:
    """A bundle of these."""
    manifest = Manifest(format=FORMAT, policies=policies, credits=member_of(THANKS))
    body: dict[str, Any] = {CREDITS: (io.BytesIO(THANKS), 0)}
    for one in policies:
        for name, raw in policy_files("Spam").items():
            body[f"{one.address}/{name}"] = (io.BytesIO(raw), 0)
        for run in one.runs:
            body |= {f"{one.address}/runs/{run.key}/{n}": (io.BytesIO(raw), 0) for n, raw in RUN.items()}
    to = io.BytesIO()
    write_bundle(to, manifest, body)
    return to.getvalue()


def opened(tmp_path: Path, raw: bytes) -> Bundle:
    path = tmp_path / "policies.bundle"
    path.write_bytes(raw)
    return Bundle(path)


def refused(tmp_path: Path, raw: bytes) -> BundleError:
    with pytest.raises(BundleError) as caught:
        opened(tmp_path, raw).close()
    assert str(caught.value).isprintable()
    return caught.value


def test_what_is_packed_is_read(tmp_path: Path) -> None:
    """Every member comes back, runs and long names included, and any tar reader lists them."""
    deep = "/".join(["a" * 60] * 7)
    raw = packed(policy(deep), policy("roost", "1.0.0", run=True), policy("roost", "1.10.0"))
    bundle = opened(tmp_path, raw)
    assert bundle.read("roost/spam@1.10.0/policy.md") == policy_files("Spam")["policy.md"]
    assert bundle.read(f"{deep}/spam@1.0.0/cases.jsonl") == policy_files("Spam")["cases.jsonl"]
    assert bundle.read(f"roost/spam@1.0.0/runs/{'a' * 64}/record.json") == b"{}\n"
    bundle.close()
    assert is_bundle(tmp_path / "policies.bundle")
    with tarfile.open(tmp_path / "policies.bundle") as tar:
        assert tar.getnames()[:2] == [MANIFEST, CREDITS]
        assert f"{deep}/spam@1.0.0/policy.md" in tar.getnames()


def test_a_bundle_cut_anywhere_is_refused(tmp_path: Path) -> None:
    """At the end of every block and within one, what is missing is noticed."""
    raw = packed(policy())
    for length in {0, 1, 511, 512, 600, 1024, 2000, *range(2048, len(raw), 512), len(raw) - 1}:
        refused(tmp_path, raw[:length])


def test_the_usual_tools_can_check_it(tmp_path: Path) -> None:
    """Unpacked with tar, `sha256sum -c SHA256SUMS` agrees with every line."""
    (tmp_path / "policies.bundle").write_bytes(packed(policy(run=True)))
    run = {"cwd": tmp_path, "check": True, "capture_output": True, "text": True}
    subprocess.run(["tar", "xf", "policies.bundle"], **run)
    said = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], **run).stdout.splitlines()
    assert len(said) == 6
    assert all(line.endswith(": OK") for line in said)


def test_one_changed_bit_anywhere_is_refused(tmp_path: Path) -> None:
    """Header, padding, contents, end: nothing in the file is without meaning."""
    raw = packed(policy(run=True))
    for at in range(0, len(raw), 97):
        refused(tmp_path, raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])


def test_anything_behind_the_end_is_refused(tmp_path: Path) -> None:
    """Neither zeros nor another archive may follow."""
    raw = packed(policy())
    assert "behind its end" in str(refused(tmp_path, raw + b"\0"))
    refused(tmp_path, raw + raw)


def member(tar: tarfile.TarFile, name: str, raw: bytes, **facts: Any) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(raw), 0o644
    for fact, value in facts.items():
        setattr(entry, fact, value)
    tar.addfile(entry, io.BytesIO(raw))


def forged(change: Callable[[tarfile.TarFile, str, bytes], bool]) -> bytes:
    """A bundle rewritten member by member; `change` says whether it has written one itself."""
    to = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(packed(policy()))) as old,
        tarfile.open(fileobj=to, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for entry in old:
            file = old.extractfile(entry)
            assert file is not None
            raw = file.read()
            if not change(new, entry.name, raw):
                member(new, entry.name, raw)
    return to.getvalue().rstrip(b"\0").ljust(len(packed(policy())), b"\0")


CASES = "roost/spam@1.0.0/cases.jsonl"


@pytest.mark.parametrize(
    ("name", "facts", "shown"),
    [
        ("../../outside.md", {}, "'../../outside.md'"),
        ("/etc/cron.d/x", {}, "'/etc/cron.d/x'"),
        (CASES, {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd", "size": 0}, CASES),
        (CASES, {"type": tarfile.LNKTYPE, "linkname": MANIFEST, "size": 0}, CASES),
        (CASES, {"type": tarfile.CHRTYPE, "size": 0}, CASES),
        (CASES, {"mode": 0o4755}, CASES),
        (CASES, {"uid": 7}, CASES),
        (CASES, {"mtime": 1}, CASES),
        (CASES, {"pax_headers": {"path": "other.md"}}, "PaxHeader"),
        (CASES, {"pax_headers": {"size": "9"}}, "PaxHeader"),
        (CREDITS, {}, "'CREDITS.md'"),
        ("roost/spam@1.0.0/\x1b[2J.md", {}, "x1b[2J.md"),
    ],
)
def test_a_member_that_is_not_the_one_expected_is_named(
    tmp_path: Path, name: str, facts: dict[str, Any], shown: str
) -> None:
    """Paths that lead out, links, devices, other modes, names given twice: refused where they stand."""

    def change(tar: tarfile.TarFile, at: str, raw: bytes) -> bool:
        if at == CASES:
            member(tar, name, raw, **facts)
        return at == CASES

    error = refused(tmp_path, forged(change))
    assert error.entry == CASES
    assert shown in str(error)


def restated(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A bundle whose manifest says something else, written as a bundle's is."""
    raw = packed(policy(run=True))
    size = int(raw[124:135], 8)
    stated = json.loads(raw[512 : 512 + size])
    change(stated)
    fresh = canonical_bytes(stated)
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(fresh), 0o644
    rest = raw[512 + size + (-size % 512) :]
    old, new = (hashlib.sha256(text).hexdigest().encode() for text in (raw[512 : 512 + size], fresh))
    rest = rest.replace(old, new)
    return entry.tobuf(format=tarfile.PAX_FORMAT) + fresh + bytes(-len(fresh) % 512) + rest


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda said: said.update(format="commons-bundle@2"), "its format is 'commons-bundle@2'"),
        (lambda said: said.update(more=1), "cannot be read"),
        (lambda said: said["policies"].append(said["policies"][0]), "stands there twice"),
        (lambda said: said["policies"][0].update(commons="../roost"), "is not a name"),
        (lambda said: said["policies"][0].update(slug="SPAM"), "is not a name"),
        (lambda said: said["policies"][0].update(version="1.0.0-x"), "cannot be read"),
        (lambda said: said["policies"][0].update(folder="e" * 64), "folder digest"),
        (lambda said: said["policies"][0]["files"].pop("cases.jsonl"), "folder digest"),
        (lambda said: said["policies"][0]["files"].pop("policy.md"), "policy.md"),
        (
            lambda said: said["policies"][0]["files"].update({"../x.md": {"size": 0, "sha256": "f" * 64}}),
            "not allowed",
        ),
        (lambda said: said["policies"][0]["files"]["policy.md"].update(size=2**40), "cannot be read"),
        (lambda said: said["policies"][0]["files"]["policy.md"].update(size=-1), "cannot be read"),
        (lambda said: said["policies"][0]["files"]["policy.md"].update(size=3), "in its place stands"),
        (lambda said: said["policies"][0]["runs"][0]["files"].pop("record.json"), "two files each"),
        (lambda said: said["policies"][0].update(runs=said["policies"][0]["runs"] * 2), "in order"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    """Names, order, sizes and digests are held against each other before a member is looked at."""
    assert words in str(refused(tmp_path, restated(change)))


def test_json_in_another_form_is_refused(tmp_path: Path) -> None:
    """A manifest has one spelling, so that one bundle has one digest."""
    raw = packed(policy())
    size = int(raw[124:135], 8)
    loose = json.dumps(json.loads(raw[512 : 512 + size]), indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(loose), 0o644
    rest = raw[512 + size + (-size % 512) :]
    again = entry.tobuf(format=tarfile.PAX_FORMAT) + loose + bytes(-len(loose) % 512) + rest
    assert "not written as a bundle's is" in str(refused(tmp_path, again))


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"PK\x03\x04" + bytes(600), b"\x1f\x8b" + bytes(600), bytes(1024)]
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, raw: bytes) -> None:
    """Other files, zips and packed ones among them, are told apart at the first bytes."""
    assert "it is no bundle of policies" in str(refused(tmp_path, raw))


def test_a_manifest_too_large_is_not_read(tmp_path: Path) -> None:
    """A header that promises gigabytes is refused before anything is kept for them."""
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = 7 * 1024**3, 0o644
    assert "larger than 64 MiB" in str(refused(tmp_path, entry.tobuf(format=tarfile.PAX_FORMAT)))


def test_a_bundle_changed_after_it_was_opened_is_noticed(tmp_path: Path) -> None:
    """Bytes are held against the manifest whenever they are read."""
    bundle = opened(tmp_path, packed(policy()))
    path = tmp_path / "policies.bundle"
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"Ordinary talk.", b"Ordinary hate."))
    with pytest.raises(BundleError, match="changed since"):
        bundle.read("roost/spam@1.0.0/policy.md")
    bundle.close()


def test_the_manifest_says_what_is_in_it(tmp_path: Path) -> None:
    """A program can read digests and licences without this one."""
    raw = packed(policy())
    said = msgspec.json.decode(raw[512 : 512 + int(raw[124:135], 8)])
    assert said["policies"][0]["folder"] == folder_digest(policy_files("Spam"))
    assert said["policies"][0]["text_licence"] == "CC-BY-4.0"
