"""The demo: sample exports, the workbook they make, and its print pack."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from xlcrm.jobs.importing import import_files
from xlcrm.jobs.printing import print_pack
from xlcrm.jobs.quarter import close_quarter
from xlcrm.jobs.store import Progress, no_progress
from xlcrm.problems import CannotDo, Problem
from xlcrm.texts import Language, text

QUARTER, AGAINST = "2017Q4", "2017Q3"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made, and what it said on the way."""

    book: Path
    pdf: Path
    exports: Path
    said: list[str]

    def lines(self, language: Language) -> list[str]:
        """For a terminal."""
        return [*self.said, "", text("cli.demo_look", language, book=self.book, pdf=self.pdf, exports=self.exports)]


def make_demo(folder: Path, language: Language, progress: Progress = no_progress) -> Demo:
    """Makes `folder` with exports, workbook and PDF. Raises CannotDo when a workbook of that name is there already."""
    from xlcrm.samples import SAMPLE_DAY, sample_files
    from xlcrm.sheets.filestore import FileStore

    book = folder / ("xlcrm.xlsx" if language == "en" else "xlcrm-客户.xlsx")
    pdf = folder / ("print-pack.pdf" if language == "en" else "打印包.pdf")
    exports = folder / ("exports" if language == "en" else "导出文件")
    if book.exists():
        raise CannotDo(Problem("workbook_exists", file=str(book)))
    exports.mkdir(parents=True, exist_ok=True)
    files = []
    for file in sample_files(language):
        files.append(exports / file.name)
        shutil.copyfile(file, files[-1])
    FileStore.create(book, language)
    said = import_files(FileStore.open(book), files, progress=progress).lines(language)
    said += close_quarter(FileStore.open(book), QUARTER, AGAINST, as_of=SAMPLE_DAY, progress=progress).lines(language)
    sheets = print_pack(FileStore.open(book), book, pdf, printed_on=SAMPLE_DAY)
    said.append(text("cli.printed", language, sheets=sheets, path=pdf))
    return Demo(book, pdf, exports, said)
