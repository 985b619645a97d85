from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.services.found import found, found_child
from registry.web.catalogue import Catalogue, Resolved
from registry.web.refusals import UnknownCommonsError


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    """`roost` and `roost/teen`, and a personal commons, in one folder."""
    with found(tmp_path / "roost.git", founder="ana") as roost:
        (tmp_path / "roost").mkdir()
        found_child(roost, tmp_path / "roost" / "teen.git", name="teen", founder="ana", actor="ana").close()
    found(tmp_path / "ben.git", founder="ben", name="~ben").close()
    made = Catalogue([tmp_path], open_limit=2)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("address", "resolved"),
    [
        ("roost", Resolved("roost", ())),
        ("roost/teen", Resolved("roost/teen", ())),
        ("roost/teen/spam", Resolved("roost/teen", ("spam",))),
        ("roost/spam/cases", Resolved("roost", ("spam", "cases"))),
        ("~ben/spam", Resolved("~ben", ("spam",))),
        ("teen", None),
        ("ben", None),
        ("", None),
    ],
)
def test_longest_commons_is_meant(catalogue: Catalogue, address: str, resolved: Resolved | None) -> None:
    """An address is read from the left as far as commons reach; the rest is the policy's."""
    assert catalogue.resolve(address.split("/")) == resolved


def test_names_come_from_the_founding(catalogue: Catalogue) -> None:
    """A commons goes by the name in its log, whatever its folder is called."""
    assert catalogue.names == ("roost", "roost/teen", "~ben")
    assert catalogue.children("roost") == ("roost/teen",)


def test_few_stay_open(catalogue: Catalogue) -> None:
    """More commons than may be open are opened again when asked for, and still answer."""
    for _ in range(3):
        for name in catalogue.names:
            assert catalogue.repository(name).state().name == name
    with pytest.raises(UnknownCommonsError):
        catalogue.repository("none")


def test_second_of_a_name_is_told(tmp_path: Path) -> None:
    """Two repositories of one name: one is served, the other is named to the operator."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        found(tmp_path / folder / "roost.git", founder="ana").close()
    catalogue = Catalogue([tmp_path], open_limit=2)
    assert catalogue.names == ("roost",)
    assert list(catalogue.troubles) == [tmp_path / "b" / "roost.git"]
    catalogue.close()


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link inside the folder leads to no repository outside it."""
    (tmp_path / "inside").mkdir()
    found(tmp_path / "outside.git", founder="ana").close()
    (tmp_path / "inside" / "away").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "inside" / "linked.git").symlink_to(tmp_path / "outside.git", target_is_directory=True)
    catalogue = Catalogue([tmp_path / "inside"], open_limit=2)
    assert catalogue.names == ()
    catalogue.close()
