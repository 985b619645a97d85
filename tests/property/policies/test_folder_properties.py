"""Digests and diffs of folders hold their promises for any folder."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policies.cases import render_cases
from policies.diff import PolicyDiff, diff_folders
from policies.digest import content_digest, folder_digest, prompt_digest
from policies.folder import PolicyFolder, load_folder
from policies.model import Case

CODES = ("A0", "A1", "A2")
LABELS = st.lists(st.sampled_from(CODES), unique=True).flatmap(
    lambda codes: st.tuples(
        *(
            st.tuples(
                st.just(code), st.booleans(), st.sampled_from(["one", "two"]), st.none() | st.integers(0, 3)
            )
            for code in codes
        )
    )
)
LINE = st.sampled_from(
    ["# Goal", "## A0 x", "## A1 y", "### Includes", "- “item”", "text", "", "**Excludes:**"]
)
BODY = st.lists(LINE, max_size=10).map("\n".join)
CASES = st.lists(
    st.builds(
        Case,
        id=st.sampled_from(["1", "2", "3"]),
        content=st.sampled_from(["x", "y"]),
        label=st.none() | st.sampled_from(CODES),
    ),
    max_size=3,
    unique_by=lambda case: case.id,
)


@st.composite
def folders(draw: st.DrawFn) -> PolicyFolder:
    """A folder with some of a few labels, sections, cases and an attachment."""
    labels = ", ".join(
        f"{{code: {code}, violates: {str(violates).lower()}, title: {title}"
        + ("}" if severity is None else f", severity: {severity}}}")
        for code, violates, title, severity in draw(LABELS)
    )
    attached = draw(st.booleans())
    matter = f"title: x\nversion: 1.{draw(st.integers(0, 2))}.0\nlabels: [{labels}]\n"
    matter += "attachments: [{file: a.md, in_prompt: true}]\n" * attached
    files = {
        "policy.md": f"---\n{matter}---\n{draw(BODY)}\n".encode(),
        "cases.jsonl": render_cases(draw(CASES)),
    }
    if attached:
        files["a.md"] = draw(BODY).encode()
    return load_folder("x", files)


@given(folders())
def test_nothing_differs_from_itself(folder: PolicyFolder) -> None:
    """The diff of a folder with itself is empty."""
    assert diff_folders(folder, folder) == PolicyDiff()


@given(folders(), folders())
def test_diff_turned_round_swaps_added_and_removed(old: PolicyFolder, new: PolicyFolder) -> None:
    """What one direction adds, the other removes; what changed, changed both ways."""
    there, back = diff_folders(old, new), diff_folders(new, old)
    assert there.labels_added == back.labels_removed
    assert there.sections_added == back.sections_removed
    assert there.cases_added == back.cases_removed
    assert there.attachments_added == back.attachments_removed
    assert set(there.labels_redefined) == set(back.labels_redefined)
    assert set(there.sections_changed) == set(back.sections_changed)
    assert set(there.cases_relabelled) == set(back.cases_relabelled)
    assert {(change.key, change.old) for change in there.front_matter if change.key == "version"} == {
        (change.key, change.new) for change in back.front_matter if change.key == "version"
    }


@given(folders(), folders())
def test_diff_agrees_with_the_digests(old: PolicyFolder, new: PolicyFolder) -> None:
    """What the model reads changed exactly when its digest did; an empty diff has one content."""
    diff = diff_folders(old, new)
    assert diff.text_changed == (prompt_digest(old) != prompt_digest(new))
    if content_digest(old) != content_digest(new):
        assert not diff.is_empty or [case.id for case in old.cases] != [case.id for case in new.cases]


@given(folders())
def test_digests_do_not_depend_on_the_order_of_files(folder: PolicyFolder) -> None:
    """A folder is a set of files."""
    turned = load_folder(folder.slug, dict(reversed(folder.files.items())))
    assert folder_digest(turned.files) == folder_digest(folder.files)
    assert content_digest(turned) == content_digest(folder)


@given(folders())
def test_content_survives_a_new_version_number(folder: PolicyFolder) -> None:
    """Enactment gives a number, and evidence stays valid."""
    raw = folder.files["policy.md"].replace(b"version: 1.", b"version: 7.", 1)
    numbered = load_folder(folder.slug, {**folder.files, "policy.md": raw})
    assert content_digest(numbered) == content_digest(folder)
    assert folder_digest(numbered.files) != folder_digest(folder.files)
