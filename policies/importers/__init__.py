"""Importers: what exists elsewhere, read into policy folders. Pure: values in, values out.

`import_files` is the way in. A reader for each format family recognises a file by its structure
(`readers.py` is the registry), `plan.py` puts files together, `assemble.py` makes the folders.
"""

from __future__ import annotations

from policies.importers.description import describe
from policies.importers.importing import FOLDERS, UnknownPresetError, import_files
from policies.importers.model import (
    FileRole,
    FileSeen,
    ImportRefusedError,
    ImportResult,
    Notice,
    Pack,
    RecordedAnswer,
    ReportedScore,
    RowCount,
    RowProblem,
    SkippedRows,
    SkipReason,
    Topic,
)

__all__ = [
    "FOLDERS",
    "FileRole",
    "FileSeen",
    "ImportRefusedError",
    "ImportResult",
    "Notice",
    "Pack",
    "RecordedAnswer",
    "ReportedScore",
    "RowCount",
    "RowProblem",
    "SkipReason",
    "SkippedRows",
    "Topic",
    "UnknownPresetError",
    "describe",
    "import_files",
]
