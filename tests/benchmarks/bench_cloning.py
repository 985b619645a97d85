"""`git clone` of 2,000 policies from our server, beside `git http-backend` behind nginx."""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.services.found import found
from registry.services.importing import import_folders
from tests.benchmarks.measure import Line, seconds
from tests.benchmarks.servers import free_port, our_server, until_it_answers
from tests.support.histories import policy_files

POLICIES, PAIRS = 2_000, 7

_NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/fastcgi;
  proxy_temp_path {folder}/proxy; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      fastcgi_pass unix:{folder}/git.socket;
      fastcgi_param SCRIPT_FILENAME {backend}; fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param GIT_PROJECT_ROOT {root}; fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param GIT_PROTOCOL $http_git_protocol; fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
    }}
  }}
}}
"""


def run(folder: Path) -> list[Line]:
    """Clones from both, one after the other, several times."""
    root = folder / "served"
    root.mkdir()
    folders = {f"policy-{number}": policy_files(f"Policy {number}") for number in range(POLICIES)}
    with found(root / "many.git", founder="ana", name="many") as repository:
        import_folders(repository, folders, actor="ana", kind="folder")
    work = f"`git clone` of {POLICIES:,} policies"
    with our_server(root, "--rate-limit", "off") as ours:
        _clone(ours, folder / "warm")
        if not (shutil.which("nginx") and shutil.which("fcgiwrap")):
            taken = statistics.median(seconds(lambda: _clone(ours, folder / "c")) for _ in range(PAIRS))
            return [Line(work, f"{taken:.2f} s; no peer", "needs nginx and fcgiwrap (apt-get install)")]
        with _nginx(folder, root) as peer:
            _clone(peer, folder / "warm")
            pairs = [
                (seconds(lambda: _clone(ours, folder / "c")), seconds(lambda: _clone(peer, folder / "c")))
                for _ in range(PAIRS)
            ]
    ratio = statistics.median(one / other for one, other in pairs)
    mine = statistics.median(one for one, _ in pairs)
    return [
        Line(f"{work} against http-backend", f"{ratio:.2f}x ({mine:.2f} s)", "<= 1.2x", ratio <= 1.2),
    ]


def _clone(base: str, to: Path) -> None:
    """Without a checkout: writing the files costs both the same and would hide a difference."""
    subprocess.run(
        ["git", "clone", "--quiet", "--no-checkout", f"{base}/many.git", str(to)],
        check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"},
    )
    shutil.rmtree(to)


@contextmanager
def _nginx(folder: Path, root: Path) -> Iterator[str]:
    backend = Path(subprocess.check_output(["git", "--exec-path"], text=True).strip()) / "git-http-backend"
    place = folder / "nginx"
    place.mkdir(mode=0o755)
    port = free_port()
    conf = place / "nginx.conf"
    conf.write_text(
        ("user root;" if os.getuid() == 0 else "")
        + _NGINX.format(folder=place, port=port, backend=backend, root=root)
    )
    # The folder belongs to whoever runs this; git would refuse it to another user's process.
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    with (
        subprocess.Popen(
            ["fcgiwrap", "-c", "2", "-s", f"unix:{place}/git.socket"], env=environment, start_new_session=True
        ) as gate,
        subprocess.Popen(
            ["nginx", "-p", str(place), "-c", str(conf)], stderr=sys.stderr, start_new_session=True
        ) as nginx,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            until_it_answers(f"{base}/many.git/info/refs?service=git-upload-pack")
            yield base
        finally:
            for process in (nginx, gate):
                # With the processes that it keeps ready: fcgiwrap leaves them behind.
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(10)
