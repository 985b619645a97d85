"""Which handles may be taken, and how one that is typed is read. Touches nothing."""

from __future__ import annotations

from collections.abc import Collection

from governance.payloads import HANDLE
from governance.registrar import REGISTRAR
from policies.names import RESERVED, look_alike_key
from registry.accounts.errors import HandleRefusedError

# Who would be believed to speak for the site or for everybody, and words that stand for a person elsewhere.
_OFFICES = frozenset(
    {
        *("abuse", "administrator", "commons", "everybody", "everyone", "host", "hostmaster", "legal", "mod"),
        *("moderation", "moderator", "official", "operator", "owner", "policy-commons", "postmaster", "root"),
        *("security", "staff", "steward", "stewards", "support", "sysadmin", "system", "team", "webmaster"),
        *(
            "all",
            "anonymous",
            "deleted",
            "ghost",
            "guest",
            "independent",
            "invalid",
            "me",
            "member",
            "nobody",
        ),
        *("none", "null", "self", "somebody", "someone", "unknown", "user", "you"),
    }
)
RESERVED_HANDLES = RESERVED | _OFFICES | {REGISTRAR}
_RESERVED_ALIKE = frozenset(map(look_alike_key, RESERVED_HANDLES))


def typed(handle: str) -> str:
    """A handle as somebody types it: telephones begin with a capital and end with a space.

    Nothing else is put right. What only looks like ASCII is another handle, and one that nobody has.
    """
    stripped = handle.strip(" \t\r\n")
    return stripped.lower() if stripped.isascii() else stripped


def check_free(handle: str, in_use: Collection[str]) -> str:
    """A handle that a new account may have; `in_use` are those that stand anywhere already.

    Raises `HandleRefusedError`.
    """
    check_form(handle)
    if "--" in handle:
        raise _refused("It holds two hyphens in a row.", "Use a single hyphen.")
    if handle in RESERVED_HANDLES or look_alike_key(handle) in _RESERVED_ALIKE:
        raise _refused(
            "This handle is kept free, since it stands for an office or an address.", "Choose another."
        )
    if handle in in_use:
        raise _refused(
            "This handle is taken, or was once.",
            "Choose another; if it is yours, ask the operator for a link.",
        )
    alike = look_alike_key(handle)
    if any(look_alike_key(other) == alike for other in in_use):
        raise _refused(
            "This handle looks like one that is taken.", "Choose one that nobody mistakes for another."
        )
    return handle


def check_form(handle: str) -> str:
    """A handle as every commons takes it. Raises `HandleRefusedError`."""
    if not HANDLE.fullmatch(handle):
        raise _refused(
            "A handle is 1 to 39 of a-z, 0-9 and inner hyphens.", "It may be a pseudonym, such as `ana-k`."
        )
    if handle == REGISTRAR:
        raise _refused("The registry itself acts under this handle.", "Choose another.")
    return handle


def _refused(rule: str, remedy: str) -> HandleRefusedError:
    return HandleRefusedError("handle", rule, remedy)
