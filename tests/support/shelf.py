"""A folder of small commons for those who use policies, and the next versions of one of them."""

from __future__ import annotations

from pathlib import Path

from registry.services.bench import bench_policy
from registry.services.found import found, found_child
from registry.services.publish import publish
from tests.support.histories import policy_files
from tests.support.vouched import reopened


def make_shelf(root: Path) -> Path:
    """`roost` with `spam` 1.0.0 (run once) and `scams`, and `roost/teens` with `dares`, below `root`."""
    with found(root / "roost.git", founder="ana", name="roost") as repository:
        publish(repository, "spam", policy_files("Spam"), actor="ana")
        bench_policy(repository, "spam", actor="ana")
        publish(repository, "scams", policy_files("Scams", "A romance that asks for money."), actor="ana")
        (root / "roost").mkdir()
        nested = root / "roost" / "teens.git"
        with found_child(repository, nested, name="teens", founder="bo", actor="ana") as child:
            publish(child, "dares", policy_files("Dares"), actor="bo")
    return root


def release_next(root: Path, change: str, slug: str = "spam") -> str:
    """Publishes the next version of a policy of `roost`; gives its number.

    `change` is `patch` (wording), `minor` (a further case), `major` (the label AA1 becomes AA2) or
    `deprecated`.
    """
    with reopened(root / "roost.git") as repository:
        title = slug.title()
        files = policy_files(title)
        text = files["policy.md"]
        if change == "patch":
            text = text.replace(b"Ordinary talk.", b"Ordinary talk of any kind.")
        elif change == "minor":
            extra = b'{"id": "3", "content": "The choir meets on Sunday", "label": "AA0"}\n'
            files["cases.jsonl"] += extra
        elif change == "major":
            text = text.replace(b"AA1", b"AA2")
            files["cases.jsonl"] = files["cases.jsonl"].replace(b"AA1", b"AA2")
        else:
            reason = b"status: deprecated\nsupport: {superseded_by: roost/scams, reason: Too narrow.}"
            text = text.replace(b"status: experimental", reason)
        return publish(repository, slug, files | {"policy.md": text}, actor="ana").release.version
