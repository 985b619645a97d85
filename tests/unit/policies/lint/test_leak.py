"""Cases that stand in the policy text."""

from __future__ import annotations

import pytest

from policies.lint.leak import find_leaks

TEXT = """\
The reader asked for it, or the space is made for it.
- Bare call to follow: “New video up on my channel, go watch.”
- Shouting: “goal goal goal”
"""
EXAMPLES = ("New video up on my channel, go watch.", "goal goal goal")


@pytest.mark.parametrize(
    ("content", "exact"),
    [
        ("NEW VIDEO up on my channel - go watch", True),
        ("Goal, goal, goal!", True),
        ("the space is made for it", True),
        ("new video up on my channel, go look", False),
        ("Hey all, new video up on my channel, go watch. It has cats.", False),
        ("the reader asked for it or the space is made by it", False),
    ],
)
def test_quoted_and_nearly_quoted_contents_are_found(content: str, exact: bool) -> None:
    """Whatever the case and punctuation; a changed word makes it a near quotation."""
    assert [leak.exact for leak in find_leaks(TEXT, EXAMPLES, [content])] == [exact]


@pytest.mark.parametrize(
    "content",
    [
        "made for it",  # three words of the running text meet by chance
        "The reader asked for a recipe and got one, since the space was empty.",
        "My new video is about channels in the old town.",
        "New video up on my channel, go watch. " + "It shows how we built the boat in a barn. " * 3,
        "🙂",
    ],
)
def test_contents_of_their_own_are_not(content: str) -> None:
    """Common words, a short run of them, or a short quotation in a long content are no leak."""
    assert find_leaks(TEXT, EXAMPLES, [content]) == ()


def test_a_leak_names_the_position_and_the_passage() -> None:
    """So that a report can show both."""
    (leak,) = find_leaks(TEXT, EXAMPLES, ["Something else entirely here.", "goal goal goal"])
    assert (leak.position, leak.passage) == (1, "goal goal goal")
