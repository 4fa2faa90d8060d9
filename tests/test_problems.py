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


def test_what_may_be_chosen_is_named_in_full_in_the_readers_own_way() -> None:
    tables = tuple(f"table_number_{number}" for number in range(60))
    problem = Problem("unknown_table", value="today", details={"tables": tables})
    assert problem.line("en").endswith(": " + ", ".join(tables))
    assert problem.line("zh").endswith("：" + "、".join(tables))


def test_a_remedy_that_is_a_sentence_follows_a_full_stop() -> None:
    assert Problem("no_such_month", value="2017-13").line("en").endswith("2017-13 is not a month. Write it as 2026-11.")
    assert Problem("unknown_table", value="x", details={"tables": ("a",)}).line("en") == "there is no table 'x': choose one of: a"
