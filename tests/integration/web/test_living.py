from __future__ import annotations

import os
import threading
from pathlib import Path

import httpx
import pytest

from registry.services.found import found
from registry.services.publish import publish
from registry.services.redact import redact
from registry.services.targets import CaseTarget
from registry.store.repository import Repository
from tests.integration.web.conftest import files_of, running
