"""The registry vouches, with a key of its own, for what nobody signed. Reads and makes its secret.

A log that has no registry key yet is written without signatures, as it was before there were any.
"""

from __future__ import annotations

from governance.commons import Commons
from governance.events import Event
from governance.payloads import Founded, RegistryKeySet
from registry.keys.box_key import BoxKey, box_key
from registry.keys.errors import SecretError
from registry.keys.registry_key import RegistryKey
from registry.keys.secret import Secret, read_secret, secret_of
from registry.store.refs import HostPaths


class Vouching:
    """The keys of one commons on this host. Called with the state and an event that carries no signature."""

    def __init__(self, paths: HostPaths) -> None:
        self._paths = paths
        self._key: RegistryKey | None = None

    def __call__(self, state: Commons | None, event: Event) -> Event:
        """The event with the registry's signature, or as it is where the log has no key of a registry.

        Raises `SecretError` when this host does not have the key that the log names.
        """
        said = event.payload
        name = state.name if state else said.name if isinstance(said, Founded) else ""
        registered = state.registry.fingerprint if state and state.registry else None
        brings = isinstance(said, RegistryKeySet) or (isinstance(said, Founded) and said.registry is not None)
        if registered is None and not brings:
            return event
        key = self._of(name)
        if not brings and key.public.fingerprint != registered:
            raise SecretError(
                str(self._paths.secret),
                f"it gives another key than the one with which the registry vouches in {name}'s log.",
                "Restore it from a backup, or set this one with `commons registry-key`.",
            )
        return key.attest(event)

    def public_key(self, name: str) -> str:
        """The public half, as a founding or a change of the key states it; makes the secret on first need."""
        secret_of(self._paths)
        return self._of(name).public.text

    def box(self, name: str, number: int, round_: int) -> BoxKey:
        """The key pair of a sealed vote."""
        return box_key(self._secret(), commons=name, proposal=number, round_number=round_)

    def _of(self, name: str) -> RegistryKey:
        if self._key is None:
            self._key = RegistryKey(self._secret(), name)
        return self._key

    def _secret(self) -> Secret:
        secret = read_secret(self._paths)
        if secret is None:
            raise SecretError(
                str(self._paths.secret),
                "this host does not have the registry's key.",
                "Write where it is, restore a backup, or take over with `commons registry-key`.",
            )
        return secret
