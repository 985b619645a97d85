from __future__ import annotations

import socket
from io import BytesIO
from pathlib import Path

import pytest
from litestar import Litestar

from registry.services.found import found
from registry.web.app import create_app
from registry.web.server import ServeError, address_of, serve, summary
from registry.web.settings import LogSettings, Settings


def test_taken_port_is_told(tmp_path: Path) -> None:
    """A port that is taken is refused with the remedy, before anything is opened."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServeError, match="--port"):
        serve(Settings(roots=(tmp_path,)), port=taken.getsockname()[1], log=LogSettings(), log_to=BytesIO())


def test_missing_folder_is_told(tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(ServeError, match="does not exist"):
        serve(Settings(roots=(tmp_path / "none",)), log=LogSettings(), log_to=BytesIO())


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])
def test_address_can_be_opened(host: str, shown: str) -> None:
    """What is printed can be opened in a browser on this machine."""
    with socket.create_server((host, 0)) as listening:
        assert address_of(listening, host) == f"http://{shown}:{listening.getsockname()[1]}"


def test_summary_says_what_is_served_and_what_is_not(tmp_path: Path) -> None:
    """Each commons has a line; so has a folder that could not be opened."""
    assert summary(_app(tmp_path)) == ["no commons found: `commons init NAME.git` makes one"]
    found(tmp_path / "roost.git", founder="ana").close()
    (tmp_path / "bad.git" / "objects").mkdir(parents=True)
    (tmp_path / "bad.git" / "HEAD").write_text("")
    lines = summary(_app(tmp_path))
    assert lines[0] == "roost: 0 policies, 0 runs"
    assert lines[1].startswith(f"not served: {tmp_path / 'bad.git'}: ")


def _app(root: Path) -> Litestar:
    app = create_app(Settings(roots=(root,)))
    app.state.library.catalogue.close()
    return app
