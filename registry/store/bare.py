"""An empty bare repository with the settings of a commons, before anything was founded in it."""

from __future__ import annotations

from pathlib import Path

import git

from registry.store.errors import AlreadyExistsError, WriteError
from registry.store.process import run_git
from registry.store.refs import MAIN, HostPaths

_CONFIG = {
    "core.fsync": "all",  # git's default syncs neither refs nor loose objects (measured, git 2.39)
    "core.logAllRefUpdates": "false",  # a reflog would keep erased objects reachable
    "gc.auto": "0",  # `commons gc` runs under our lock; git's own would not
    "receive.autogc": "false",
    "uploadpack.allowFilter": "true",
    "transfer.fsckObjects": "true",
}

_HOOK = """#!/bin/sh
echo "This is a commons: its branches are moved by recorded acts only." >&2
echo "Publish with: commons publish REPOSITORY FOLDER" >&2
exit 1
"""


def lay_out(path: Path) -> None:
    """Makes it. Raises `AlreadyExistsError` when the path is taken, `WriteError`."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise AlreadyExistsError(path)
    branch = MAIN.rpartition("/")[2]
    try:
        path.mkdir(parents=True, exist_ok=True)
        run_git(path, "init", "--quiet", "--bare", f"--initial-branch={branch}", "--template=")
        with git.Repo(str(path)).config_writer() as config:
            for name, value in _CONFIG.items():
                section, _, key = name.partition(".")
                config.set_value(section, key, value)
        # A file that is there is looked up three times as fast as one that is not, on every read.
        paths = HostPaths(path)
        paths.folder.mkdir()
        paths.epoch.touch()
        hooks = path / "hooks"
        hooks.mkdir()
        hook = hooks / "pre-receive"
        hook.write_text(_HOOK, "ascii")
        hook.chmod(0o755)
    except OSError as error:
        raise WriteError(f"{path.name}: making the repository", error) from error
