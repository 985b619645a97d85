"""Objects through leased processes: what is missing or corrupt is named, the rest is served."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from registry.store.errors import CorruptObjectError, MissingObjectError, StoreError
from registry.store.objects import Change, make
from registry.store.process import run_git
from registry.store.reader import Reader, checked
from registry.store.refs import MAIN
from registry.store.repository import Repository
from registry.store.writer import PACK_FROM, write_objects

BLOBS = [make("blob", f"Number {number} of a good many\n".encode() * 20) for number in range(PACK_FROM)]


def loose_path(repository: Repository, oid: str) -> Path:
    return repository.path / "objects" / oid[:2] / oid[2:]


def overwrite(path: Path, raw: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(raw)


def kill_idle(reader: Reader) -> int:
    for lease in reader._idle:
        lease._process.proc.kill()
        lease._process.proc.wait()
    return len(reader._idle)


def test_read(roost: Repository) -> None:
    """An object is given with its kind and bytes."""
    main = roost.state().refs[MAIN]
    stored = roost.reader.read(main)
    assert (stored.oid, stored.kind) == (main, "commit")
    assert make(stored.kind, stored.data).oid == main


@pytest.mark.parametrize("oid", ["1" * 40, "HEAD", "", "-x", "1" * 40 + "\n", "refs/heads/main", "A" * 40])
def test_missing(roost: Repository, oid: str) -> None:
    """An id that is not there, and anything that is no id, is missing by name; what comes next is served."""
    with pytest.raises(MissingObjectError) as missing:
        roost.reader.read(oid)
    assert missing.value.oid == oid
    assert roost.reader.commit(roost.state().refs[MAIN]).message == "Found roost"


def test_missing_with_remedy() -> None:
    """The error says what is missing and where to get it."""
    assert str(MissingObjectError("1" * 40)) == (
        f"object {'1' * 40} is not in the repository; restore it from a clone or a backup."
    )


def test_wrong_kind(roost: Repository) -> None:
    """A commit where a file should stand is named as such."""
    main = roost.state().refs[MAIN]
    with pytest.raises(CorruptObjectError, match="it is a commit where a blob should stand"):
        roost.reader.blob(main)


@pytest.mark.parametrize(
    "raw",
    [b"", b"not zlib", make("blob", b"other").data],
    ids=["empty", "garbage", "text"],
)
def test_corrupt_loose_object(roost: Repository, raw: bytes) -> None:
    """A damaged loose object is named, again and again, and everything else is served."""
    write_objects(roost.path, BLOBS[:2])
    overwrite(loose_path(roost, BLOBS[0].oid), raw)
    for _ in range(3):
        with pytest.raises(CorruptObjectError) as corrupt:
            roost.reader.read(BLOBS[0].oid)
        assert corrupt.value.oid == BLOBS[0].oid
        assert roost.reader.blob(BLOBS[1].oid) == BLOBS[1].data


def test_another_object_under_its_name(roost: Repository) -> None:
    """A sound object that stands under another's id is not handed out as that one."""
    write_objects(roost.path, BLOBS[:2])
    overwrite(loose_path(roost, BLOBS[0].oid), loose_path(roost, BLOBS[1].oid).read_bytes())
    with pytest.raises(CorruptObjectError) as corrupt:
        roost.reader.read(BLOBS[0].oid)
    assert corrupt.value.oid == BLOBS[0].oid


def test_corrupt_pack(roost: Repository) -> None:
    """Damage in a pack is named by the object it hits, and the rest of the pack is served."""
    write_objects(roost.path, BLOBS)
    pack = next((roost.path / "objects" / "pack").glob("*.pack"))
    listed = run_git(roost.path, "verify-pack", "-v", str(pack.with_suffix(".idx"))).decode().splitlines()
    places = {line.split()[0]: int(line.split()[4]) for line in listed if " blob " in line}
    victim = BLOBS[10].oid
    raw = bytearray(pack.read_bytes())
    raw[places[victim] + 12] ^= 0xFF
    overwrite(pack, bytes(raw))
    with closing(Reader(roost.path)) as reader:
        with pytest.raises(CorruptObjectError) as corrupt:
            reader.read(victim)
        assert corrupt.value.oid == victim
        others = [blob for blob in BLOBS if blob.oid != victim]
        assert [reader.blob(blob.oid) for blob in others] == [blob.data for blob in others]


def test_many_complaints(roost: Repository) -> None:
    """Asking for a damaged object over and over never blocks: what git complains is not left to pile up."""
    write_objects(roost.path, BLOBS[:1])
    overwrite(loose_path(roost, BLOBS[0].oid), b"not zlib")
    with closing(Reader(roost.path, processes=1)) as reader:
        for _ in range(30):
            with pytest.raises(CorruptObjectError):
                reader.read(BLOBS[0].oid)
        assert reader.commit(roost.state().refs[MAIN]).message == "Found roost"


def test_killed_process(roost: Repository) -> None:
    """A read goes through although every waiting git process was killed."""
    main = roost.state().refs[MAIN]
    roost.reader.read(main)
    assert kill_idle(roost.reader) > 0
    assert roost.reader.read(main).oid == main


def test_killed_processes_under_threads(roost: Repository) -> None:
    """While processes are killed again and again, no reader gets a wrong object or an error."""
    write_objects(roost.path, BLOBS[:20])
    wrong: list[object] = []
    stop = threading.Event()

    def read(offset: int) -> None:
        number = offset
        while not stop.is_set():
            number += 1
            blob = BLOBS[number % 20]
            try:
                if roost.reader.blob(blob.oid) != blob.data:
                    wrong.append(blob.oid)
            except StoreError as error:
                wrong.append(error)

    threads = [threading.Thread(target=read, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        lease = next(iter(roost.reader._idle), None)
        if lease is not None:
            lease._process.proc.kill()
        stop.wait(0.01)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_erased_is_not_served(roost: Repository) -> None:
    """After an erasure no process that still has the old pack open answers for it."""
    write_objects(roost.path, BLOBS)
    roost.reader.blob(BLOBS[0].oid)
    lease = roost.reader._take()
    run_git(roost.path, "repack", "-a", "-d", "-q")
    roost.paths.epoch.touch()
    # This one was out while the epoch changed; it must not be lent again.
    roost.reader._idle.append(lease)
    for _ in range(2):
        with pytest.raises(MissingObjectError):
            roost.reader.blob(BLOBS[0].oid)


def test_read_many(roost: Repository) -> None:
    """Many objects come in the order they were asked for."""
    write_objects(roost.path, BLOBS)
    asked = [blob.oid for blob in reversed(BLOBS)]
    assert [stored.oid for stored in roost.reader.read_many(asked)] == asked


def test_read_many_missing(roost: Repository) -> None:
    """What is missing among many is named."""
    write_objects(roost.path, BLOBS[:1])
    with pytest.raises(MissingObjectError) as missing:
        list(roost.reader.read_many([BLOBS[0].oid, "1" * 40]))
    assert missing.value.oid == "1" * 40


def test_read_many_corrupt(roost: Repository) -> None:
    """Damage among many stops with an error that names the object."""
    write_objects(roost.path, BLOBS[:2])
    overwrite(loose_path(roost, BLOBS[1].oid), b"not zlib")
    with pytest.raises(StoreError, match=BLOBS[1].oid):
        list(roost.reader.read_many([BLOBS[0].oid, BLOBS[1].oid]))


def test_read_many_left_early(roost: Repository) -> None:
    """Who stops reading half-way leaves no process behind."""
    write_objects(roost.path, BLOBS)
    before = psutil.Process().children()
    reading = roost.reader.read_many(blob.oid for blob in BLOBS)
    next(reading)
    assert len(psutil.Process().children()) == len(before) + 1
    reading.close()
    assert psutil.Process().children() == before


def test_checked() -> None:
    """Bytes that do not give the id they came under are refused."""
    blob = BLOBS[0]
    assert checked(*blob[:2], blob.data).data == blob.data
    with pytest.raises(CorruptObjectError, match="its bytes give another id"):
        checked(blob.oid, "blob", b"x")


def test_entry(roost: Repository) -> None:
    """What stands at a path is found through its folders; where nothing stands there is None."""
    reader, tree = roost.reader, roost.reader.commit(roost.state().refs[MAIN]).tree
    found = reader.entry(tree, "governance/charter.toml")
    assert found is not None
    assert found.oid == roost.state().charter
    assert reader.entry(tree, "governance/nothing") is None
    assert reader.entry(tree, "nothing/at/all") is None


def test_wide_folder(roost: Repository) -> None:
    """A wide folder is read once and looked up by name."""
    change = Change()
    tree = change.files({f"f{number}": b"x" for number in range(100)})
    write_objects(roost.path, change.objects.values())
    assert roost.reader.entries(tree) is roost.reader.entries(tree)
    assert len(roost.reader.entries(tree)) == 100
