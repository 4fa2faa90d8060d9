"""A problem is one line, whatever stood in the cell."""

from __future__ import annotations

from xlcrm.problems import Problem


def test_a_message_is_one_printable_line_of_bearable_length() -> None:
    problem = Problem("not_a_number", "f.csv", "", "B2", "12\n34\x1b[31m" + "9" * 5000, details={"column": "quantity\nsold"})
    for language in ("en", "zh"):
        line = problem.line(language)
        assert line.isprintable()
        assert len(line) < 600
        assert "12 34 [31m999" in line
    assert problem.value.startswith("12\n34")


def test_braces_in_a_value_are_no_places() -> None:
    assert "{0}{x}" in Problem("not_a_number", value="{0}{x}", details={"column": "q"}).message("en")
