"""xlwings stops looking for Pyodide cell by cell, and nothing else changes."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, sys, time
os.environ["XLWINGS_LICENSE_KEY"] = "noncommercial"  # the declaration of this test alone
import xlwings
from xlwings.pro import _xlofficejs
from xlcrm.hosts.jsnull import quicken

cells = [[1.0, "", "x", None, {"type": "Error", "basicValue": "#N/A"}]] * 2000
clean = lambda: _xlofficejs.Engine.clean_value_data(cells, None, None, None, False)
before = clean()
quicken()
quicken()
looked = []
class Watch:
    def find_spec(self, name, path=None, target=None):
        looked.append(name)
sys.meta_path.insert(0, Watch())
assert clean() == before
assert not xlwings.utils.is_jsnull(None)
assert looked == [], looked[:3]
"""


def test_no_cell_makes_it_search_for_pyodide() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
