from __future__ import annotations

import pytest

from registry.accounts.scopes import IN_SESSION
from registry.web.refusals import NotSignedInError, PasswordNeededError, ScopeError
from registry.web.viewer import VIEWER, Scope, Viewer, require, viewer_of

SESSION = Viewer("ana", IN_SESSION, "session", "c" * 43)
TOKEN = Viewer("bo", frozenset({Scope.VOTE}), "token")


def test_who_has_the_scope_may() -> None:
    """`require` gives the viewer back."""
    assert require(SESSION, Scope.VOTE) is SESSION
    assert require(TOKEN, Scope.VOTE) is TOKEN


def test_nobody_is_told_to_sign_in() -> None:
    """Without a viewer there is nobody who may."""
    with pytest.raises(NotSignedInError):
        require(None, Scope.READ)


def test_missing_scope_is_named() -> None:
    """A token without the scope is told which one it lacks."""
    with pytest.raises(ScopeError, match="`review`"):
        require(TOKEN, Scope.REVIEW)


def test_session_needs_the_password_for_administration() -> None:
    """A session has every scope but that."""
    assert set(Scope) - {Scope.ADMIN} == {scope for scope in Scope if scope in SESSION.scopes}
    with pytest.raises(PasswordNeededError):
        require(SESSION, Scope.ADMIN)


def test_viewer_stands_in_the_scope() -> None:
    """Where nothing was put there, nobody is signed in."""
    assert viewer_of({VIEWER: TOKEN}) is TOKEN
    assert viewer_of({VIEWER: None}) is viewer_of({}) is None
