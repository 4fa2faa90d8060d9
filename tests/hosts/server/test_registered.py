"""What the server runs for several users at once."""

from __future__ import annotations

import os
import subprocess
import sys

# xlwings decides at its first import whether it is on a server, so this takes a process of its own.
TWO_CALLS = """
import asyncio, threading
from types import SimpleNamespace
import xlwings
from xlwings.pro.udfs_officejs import custom_functions_call
from xlcrm.hosts import registration
from xlcrm.hosts.server import registered

together = threading.Barrier(2, timeout=20)  # breaks where the second call waits for the first one

def slow(*_, **__):
    together.wait()
    return [["both were here"]]

registration.call = slow
made = registered.functions()["quarter"]

def asked():
    return {
        "func_name": "quarter", "args": [[["2017-04-01"]]], "version": xlwings.__version__, "client": "Office.js",
        "caller_address": None, "content_locale": "en-US", "runtime": "1.4", "culture_info_name": "en-US", "date_format": "yyyy-mm-dd",
    }

async def twice():
    return await asyncio.gather(*(custom_functions_call(asked(), SimpleNamespace(quarter=made)) for _ in range(2)))

assert asyncio.run(twice()) == [[["both were here"]]] * 2
"""


def test_two_calls_of_functions_run_at_the_same_time() -> None:
    surroundings = {**os.environ, "XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}
    done = subprocess.run([sys.executable, "-c", TWO_CALLS], env=surroundings, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
