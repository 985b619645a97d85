"""A person who signs with an SSH key of theirs, through `ssh-keygen`. Starts processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from registry.keys.public_key import read_public_key
from registry.keys.signing import sign_with_key


class KeySigner:
    """Signs with the key at a path, or through the agent that holds its private half."""

    def __init__(
        self, key: Path, environment: Mapping[str, str], *, tell: Callable[[str], None] = lambda _line: None
    ) -> None:
        self._key = key
        self._environment = environment
        self._tell = tell
        self._public = read_public_key(key)

    @property
    def fingerprint(self) -> str:
        """`SHA256:...` of the public half."""
        return self._public.fingerprint

    def sign(self, message: bytes, namespace: str) -> str:
        """The signature in its compact form. Raises `SigningError`."""
        signature = sign_with_key(
            self._key,
            message,
            namespace,
            environment=self._environment,
            registered=self._public,
            tell=self._tell,
        )
        return signature.compact
