"""A desk over a closed workbook: what macros are tested on where no spreadsheet program is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from xlcrm.jobs.store import Progress
from xlcrm.sheets.filestore import FileStore
from xlcrm.texts import Language


@dataclass
class FileDesk:
    """`pasted`: what stands on Import sheets. `chosen`: the files that the user picks, None for a host without a dialog."""

    path: Path
    pasted: list[tuple[str, Sequence[Sequence[object]]]] = field(default_factory=list)
    chosen: list[Path] | None = None
    selected: list[str] = field(default_factory=list)
    run: str = ""
    pdf: Path | None = None
    steps: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @cached_property
    def store(self) -> FileStore:
        return FileStore.open(self.path)

    @property
    def language(self) -> Language:
        return self.store.language

    @property
    def progress(self) -> Progress:
        return lambda step, done, of: self.steps.append(step)

    def import_sheets(self) -> Sequence[tuple[str, Sequence[Sequence[object]]]]:
        return self.pasted

    def clear_import_sheets(self) -> None:
        self.pasted = []

    def choose_files(self) -> list[Path] | None:
        return self.chosen

    def selected_codes(self) -> list[str]:
        return self.selected

    def selected_run(self) -> str:
        return self.run

    def print_file(self) -> Path | None:
        return self.pdf

    def show_page(self, page_id: str) -> None:
        self.shown.append(page_id)
