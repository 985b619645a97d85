"""The peer of our Git: `git http-backend` behind nginx, where both are installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.servers import free_port, until_it_answers

_NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_max_body_size 64m;
  client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/fastcgi;
  proxy_temp_path {folder}/proxy; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      fastcgi_pass unix:{folder}/git.socket;
      fastcgi_param SCRIPT_FILENAME {backend}; fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param GIT_PROJECT_ROOT {root}; fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type; fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REMOTE_USER somebody;
      fastcgi_param GIT_PROTOCOL $http_git_protocol; fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
    }}
  }}
}}
"""


def has_backend() -> bool:
    """Whether there is a peer (`apt-get install nginx fcgiwrap`)."""
    return bool(shutil.which("nginx") and shutil.which("fcgiwrap"))


@contextmanager
def http_backend(folder: Path, root: Path, *, name: str = "many", processes: int = 2) -> Iterator[str]:
    """Serves the repositories of `root`, of which `name` is one; gives the address.

    Anybody may push where a repository's own settings say so.
    """
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
            ["fcgiwrap", "-c", str(processes), "-s", f"unix:{place}/git.socket"],
            env=environment,
            start_new_session=True,
        ) as gate,
        subprocess.Popen(
            ["nginx", "-p", str(place), "-c", str(conf)], stderr=sys.stderr, start_new_session=True
        ) as nginx,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            until_it_answers(f"{base}/{name}.git/info/refs?service=git-upload-pack")
            yield base
        finally:
            for process in (nginx, gate):
                # With the processes that it keeps ready: fcgiwrap leaves them behind.
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(10)
