"""JSON as a run's files hold it: no fraction, nothing that is no number. Pure."""

from __future__ import annotations

import json
from typing import NoReturn

from evaluations.errors import MalformedRecordError

REMEDY = "Store the files as `record_files` wrote them."


def strict_json(raw: bytes, file: str, line: int) -> object:
    """The value of one line (0: of the whole file). Raises `MalformedRecordError`."""
    try:
        return json.loads(raw.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise MalformedRecordError(file, line, f"not JSON: {error}.", REMEDY) from error


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number[:20]} is not a whole number")
