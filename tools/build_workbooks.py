"""Rebuilds `workbooks/` and the pictures of the README: `python -m tools.build_workbooks`.

One folder a language with what `xlcrm demo` makes: sample exports, workbook, print pack. The pictures are pages of the print pack; they
need pdftoppm (poppler) and are left as they are where it is missing.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

from xlcrm.jobs.demo import make_demo
from xlcrm.jobs.recording import fixed_pen, written_with
from xlcrm.samples import SAMPLE_DAY
from xlcrm.texts import Language

ROOT = Path(__file__).resolve().parents[1]
PICTURES: dict[Language, str] = {"en": "route-sheet.png", "zh": "route-sheet-zh.png"}
PICTURED_PAGE, DOTS_PER_INCH = 1, 110


def build(language: Language) -> None:
    """The folder of one language, made anew."""
    folder = ROOT / "workbooks" / language
    shutil.rmtree(folder, ignore_errors=True)
    with written_with(fixed_pen("xlcrm", dt.datetime.combine(SAMPLE_DAY, dt.time(9)))):
        made = make_demo(folder, language)
    for backup in folder.glob("*.bak.xlsx"):
        backup.unlink()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>9,}  {path.relative_to(ROOT)}")
    picture(made.pdf, ROOT / "docs" / "images" / PICTURES[language])


def picture(pdf: Path, out: Path) -> None:
    """One page of the print pack as a PNG."""
    program = shutil.which("pdftoppm")
    if program is None:
        print(f"pdftoppm is missing: {out.relative_to(ROOT)} is left as it is", file=sys.stderr)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    page = str(PICTURED_PAGE)
    subprocess.run([program, "-png", "-r", str(DOTS_PER_INCH), "-f", page, "-l", page, "-singlefile", pdf, out.with_suffix("")], check=True)
    print(f"{out.stat().st_size:>9,}  {out.relative_to(ROOT)}")


if __name__ == "__main__":
    for language in PICTURES:
        build(language)
