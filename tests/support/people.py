"""People with browsers of their own: they fill in forms as the pages give them, over real HTTP."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx

from registry.accounts.place import PrivatePlace
from registry.web.settings import AccountSettings, SignUp
from tests.support.accounts import CHEAP, PASSWORD

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_SECRET = re.compile(r'<pre class="secret"[^>]*><code>(pc_\w+)</code>')


def account_settings(place: PrivatePlace, **stated: Any) -> AccountSettings:
    """Accounts at a place, whose passwords hash in no time; everybody may sign up unless it is said."""
    return AccountSettings(**{"place": place, "sign_up": SignUp.OPEN, "cost": CHEAP, **stated})


class Person:
    """Somebody at a browser. Use as a context."""

    def __init__(self, base: str, handle: str, password: str = PASSWORD, **headers: str) -> None:
        self.handle = handle
        self.password = password
        # What every browser sends with a form, and no page of another site can choose.
        self.client = httpx.Client(base_url=base, timeout=30, headers={"origin": base, **headers})

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, path: str) -> httpx.Response:
        """Opens a page."""
        return self.client.get(path)

    def send(self, path: str, *, page: str | None = None, **fields: str) -> httpx.Response:
        """Sends a form of a page (its own address unless it is said), with what the page hides in it."""
        shown = self.get(page or path)
        hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(shown.text)}
        return self.client.post(path, data={**hidden, **fields})

    def sign_up(self, query: str = "") -> httpx.Response:
        """Signs up."""
        fields = {"handle": self.handle, "password": self.password, "repeat": self.password}
        return self.send("/sign-up", page=f"/sign-up{query}", **fields)

    def sign_in(self, password: str | None = None, query: str = "") -> httpx.Response:
        """Signs in, or tries to."""
        fields = {"handle": self.handle, "password": password or self.password}
        return self.send("/sign-in", page=f"/sign-in{query}", **fields)

    def make_token(self, *scopes: str, name: str = "a program", days: str = "30") -> str:
        """Makes a token on the page and copies it."""
        chosen = {f"scope-{scope}": "1" for scope in scopes}
        made = self.send("/account/tokens", name=name, days=days, password=self.password, **chosen)
        found = _SECRET.search(made.text)
        assert found is not None, made.text
        return found[1]

    @property
    def is_signed_in(self) -> bool:
        """Whether the pages know them."""
        return f'<a href="/account">{self.handle}</a>' in self.get("/").text
