"""A function never raises: what goes wrong stands in the cell."""

from __future__ import annotations

import pytest

from xlcrm.functions import call
from xlcrm.functions.catalog import Argument, Function, Grid
from xlcrm.functions.given import Given
from xlcrm.problems import CannotDo, Problem
from xlcrm.tables import columns as c


def failing(error: Exception) -> Function:
    def body(given: Given) -> Grid:
        raise error

    return Function("failing", "cleaning", (Argument("codes", "column", c.CUSTOMER_CODE),), "column", body, "={name}(A1)")


@pytest.mark.parametrize(
    ("error", "english", "chinese"),
    [
        (ModuleNotFoundError("No module named 'polars'", name="polars"), "This host lacks the package polars", "此环境缺少软件包 polars"),
        (ImportError("broken"), "This host lacks the package broken", "此环境缺少软件包 broken"),
        (RuntimeError("line\none"), "xlcrm met something unexpected: RuntimeError: line one", "xlcrm 遇到意外情况：RuntimeError: line one"),
        (CannotDo(Problem("not_a_quarter", value="x")), "'x' is not a quarter: write it as 2017Q1", "“x”不是季度：请写作 2017Q1"),
    ],
)
def test_every_error_becomes_a_text(error: Exception, english: str, chinese: str) -> None:
    assert (call(failing(error), [[["1"]]], "en"), call(failing(error), [[["1"]]], "zh")) == ([[english]], [[chinese]])


def test_arguments_that_a_host_does_not_send_are_left_out() -> None:
    def body(given: Given) -> Grid:
        return [[given.grids.get("codes") is None, given.value("codes") is None]]

    function = Function("echo", "cleaning", (Argument("codes", "column", c.CUSTOMER_CODE),), "column", body, "={name}(A1)")
    assert call(function, [], "en") == [[True, True]]


@pytest.mark.parametrize(("name", "wanted"), [("", "=CRM.ECHO(A1)"), ("CRM_ECHO", "=CRM_ECHO(A1)")])
def test_an_example_names_the_function_as_its_host_does(name: str, wanted: str) -> None:
    function = Function(
        "echo",
        "cleaning",
        (Argument("codes", "column", c.CUSTOMER_CODE),),
        "column",
        lambda given: [[*given.columns("codes")]],
        "={name}(A1)",
    )
    assert call(function, [None], "en", None, name) == [[f"codes is missing. Example: {wanted}"]]
