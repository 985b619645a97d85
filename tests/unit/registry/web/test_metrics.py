from __future__ import annotations

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from registry.web.answered import Answered
from registry.web.app import create_app
from registry.web.git_places import Places
from registry.web.metrics import Metrics
from registry.web.settings import GitLimits, Settings

README = (Path(__file__).parents[4] / "registry" / "web" / "README.md").read_text("utf-8")


def test_every_metric_is_in_the_readme_and_no_other(tmp_path: Path) -> None:
    """The table of metrics and what is exposed are the same."""
    app = create_app(Settings(roots=(tmp_path,)))
    library = app.state.library
    metrics = Metrics(library, {"clone": Places(GitLimits())}, None, app.state.streams)
    metrics(Answered("GET", "/", "/", 200, 1, 0.1, "x", "127.0.0.1"))
    exposed = {family.name for family in text_string_to_metric_families(metrics.text().decode())}
    library.catalogue.close()
    library.index.close()
    rows = README.partition("| Metric | Labels | Tells |")[2].partition("\n\n")[0]
    listed = set(re.findall(r"`(commons_[a-z_]+)`", rows))
    # The library tells of each counter since when it counts.
    ours = {name for name in exposed if name.startswith("commons_") and not name.endswith("_created")}
    assert listed == ours
