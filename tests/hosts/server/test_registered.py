"""What the server runs for several users at once."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace

import pytest

pytest.importorskip("xlwings_server", reason='pip install "xlcrm[server]"')


def test_two_calls_of_functions_run_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import xlwings
    from xlwings.pro.udfs_officejs import custom_functions_call

    from xlcrm.hosts import registration
    from xlcrm.hosts.server import registered

    together = threading.Barrier(2, timeout=20)  # breaks where the second call waits for the first one

    def slow(*_: object, **__: object) -> list[list[object]]:
        together.wait()
        return [["both were here"]]

    monkeypatch.setattr(registration, "call", slow)
    made = registered.functions()["quarter"]
    data = {
        "func_name": "quarter", "args": [[["2017-04-01"]]], "version": xlwings.__version__, "client": "Office.js", "caller_address": None,
        "content_locale": "en-US", "runtime": "1.4", "culture_info_name": "en-US", "date_format": "yyyy-mm-dd",
    }  # fmt: skip

    async def twice() -> list[object]:
        calls = (custom_functions_call(dict(data, args=list(data["args"])), SimpleNamespace(quarter=made)) for _ in range(2))
        return list(await asyncio.gather(*calls))

    assert asyncio.run(twice()) == [[["both were here"]]] * 2
