"""What the documentation lists is what there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from evaluations.engines.catalogue import INFOS
from evaluations.engines.replay import NAME as REPLAY
from evaluations.metrics import Metrics, Scores
from evaluations.probes.registry import PROBES
from evaluations.rates import Rates
from evaluations.templates.registry import TEMPLATES
from registry.web.app import create_app
from registry.web.settings import Settings

ROOT = Path(__file__).parents[2]


def test_every_figure_engine_template_and_probe_is_explained() -> None:
    """Each field of a run's figures, each engine, template and probe stands in evaluations/README.md."""
    text = (ROOT / "evaluations" / "README.md").read_text("utf-8")
    explained = set(re.findall(r"`([^`]+)`", text))
    figures = {field.name for kind in (Metrics, Scores, Rates) for field in fields(kind)} - {"n"}
    assert figures | set(INFOS) | {REPLAY} | set(TEMPLATES) | set(PROBES) <= explained


def test_every_address_is_listed(tmp_path: Path) -> None:
    """Each route of the site stands in registry/web/README.md, and no other does."""
    text = (ROOT / "registry" / "web" / "README.md").read_text("utf-8")
    listed = set(re.findall(r"`(/[^`\s]*)`", text)) - {"/roost/teens"}
    app = create_app(Settings(roots=(tmp_path,)))
    served = {re.sub(r":\w+}", "}", route.path) for route in app.routes}
    # Litestar mounts its own documentation controller below the document's address.
    served = {path for path in served if not path.startswith("/api/v1/openapi.json/")}
    assert listed == served
