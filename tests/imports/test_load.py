"""The shapes in which exports arrive, and what is said where one cannot be read in one way only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from tests.imports.files import text, workbook
from xlcrm.imports.load import Loaded, load
from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.tables.catalog import CUSTOMERS

SETTINGS = Settings()


def loaded(path: Path, quarter: str | None = None) -> Loaded:
    return load(path, SETTINGS, quarter)


def refused(path: Path, quarter: str | None = None) -> Problem:
    with pytest.raises(CannotDo) as error:
        load(path, SETTINGS, quarter)
    return error.value.problem


def told(found: Loaded) -> list[tuple[str, str]]:
    return [(problem.code, problem.cell) for problem in found.problems]


# --- routes


def test_one_sheet_a_route_with_titles_blank_rows_and_totals(tmp_path: Path) -> None:
    def sheet(route: str, *codes: str) -> list[list[object]]:
        rows: list[list[object]] = [[f"{route}客户拜访线路表"], [], ["序号", "客户代码", "客户名称", "电话", "客户经理"]]
        rows += [[number, code, f"店{code}", 13800138000, "李娜"] for number, code in enumerate(codes, start=1)]
        return [*rows, [], ["合计", None, f"{len(codes)}户"]]

    path = workbook(tmp_path / "routes.xlsx", {"一线": sheet("一线", "001", "002"), "十线": sheet("十线", "003")}, merged=["A1:E1"])
    found = loaded(path)
    assert found.kind == "routes"
    assert found.problems == []
    assert found.dropped == 2
    customers = found.frames["customers"]
    assert customers.select("customer_code", "route", "visit_order", "phone", "owner").rows() == [
        ("001", "1", 1, "13800138000", "李娜"), ("002", "1", 2, "13800138000", "李娜"), ("003", "10", 1, "13800138000", "李娜"),
    ]  # fmt: skip
    assert found.frames["routes"].rows() == [("1", None, "李娜", None), ("10", None, "李娜", None)]


def test_the_route_may_stand_in_the_title(tmp_path: Path) -> None:
    path = text(tmp_path / "f.csv", ["三线客户拜访线路表,,", "客户代码,客户名称,地址", "001,甲,路1"])
    assert loaded(path).frames["customers"]["route"].to_list() == ["3"]


def test_a_merged_route_cell_holds_for_all_its_rows(tmp_path: Path) -> None:
    rows = [["线路", "客户代码", "客户名称"], ["一线", "1", "甲"], [None, "2", "乙"], ["二线", "3", "丙"]]
    path = workbook(tmp_path / "f.xlsx", {"Sheet1": rows}, merged=["A2:A3"])
    assert loaded(path).frames["customers"]["route"].to_list() == ["1", "1", "2"]


def test_a_route_has_the_manager_and_batch_of_most_customers(tmp_path: Path) -> None:
    lines = ["route,code,name,account manager,visit day", "1,a,A,Ann,Mon", "1,b,B,Bob,Mon", "1,c,C,Bob,Tue", "2,d,D,,", "1,e,E,Bob,Mon"]
    found = loaded(text(tmp_path / "f.csv", lines))
    assert found.frames["routes"].rows() == [("1", "Mon", "Bob", None), ("2", None, None, None)]
    assert found.frames["customers"]["owner"].to_list() == ["Ann", "Bob", "Bob", None, "Bob"]


def test_owner_and_manager_side_by_side_are_two_things(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["route,code,name,owner,account manager", "1,a,A,Ann,Max"]))
    assert found.frames["customers"]["owner"].to_list() == ["Ann"]
    assert found.frames["routes"]["account_manager"].to_list() == ["Max"]


def test_a_customer_on_two_routes_stays_on_the_first(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["route,code,name", "1,a,A", "2,b,B", "2,a,A"]))
    assert found.frames["customers"]["route"].to_list() == ["1", "2"]
    (problem,) = found.problems
    assert (problem.code, problem.cell, problem.row_text) == ("two_routes", "B4", "2 | a | A")
    assert "route 1" in problem.message("en")
    assert "route 2" in problem.message("en")


def test_the_same_code_twice_on_one_route(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["route,code,name", "1,a,A", "1,a,B"]))
    assert found.frames["customers"]["customer_name"].to_list() == ["A"]
    assert told(found) == [("duplicate_row", "B3")]
    assert "B2" in found.problems[0].message("en")


def test_unknown_columns_are_kept_under_their_own_header(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["route,code,name,store,State,,empty", "1,a,A,27,NY,x,", "1,b,B,,,,"]))
    customers = found.frames["customers"]
    assert customers.select("store", "State (2)", "F", "empty").rows() == [("27", "NY", "x", None), (None, None, None, None)]
    assert all(dtype in (pl.String, pl.Int64) for dtype in customers.dtypes)


def test_grades_inside_a_routes_export(tmp_path: Path) -> None:
    path = text(tmp_path / "f.csv", ["路線,客戶代號,客戶名稱,等級", "1,000270020092,甲,CS1"])
    assert loaded(path, "2017 Q2").frames["grades"].rows() == [("000270020092", "2017Q2", "CS1")]
    without = loaded(path)
    assert told(without) == [("grades_need_quarter", "D1")]
    assert "grades" not in without.frames


# --- grades


@pytest.mark.parametrize(
    ("header", "name", "argument"),
    [
        ("2010年一季度客户等级", "f", None),
        ("客户等级", "grades 2010Q1", None),
        ("grade", "f", "Q1 2010"),
        ("等级(2010Q1)", "f", None),
        ("2010-Q1", "f", None),
    ],
)
def test_the_quarter_of_grades(tmp_path: Path, header: str, name: str, argument: str | None) -> None:
    path = text(tmp_path / f"{name}.csv", [f"客户代码,客户名称,{header}", "001,甲,cs1 ", "002,乙,"])
    found = loaded(path, argument)
    assert found.frames["grades"].rows()[:1] == [("001", "2010Q1", "CS1")]


def test_a_title_names_the_quarter_but_the_argument_counts_more(tmp_path: Path) -> None:
    path = text(tmp_path / "f.csv", ["2010年一季度等级表,", "客户代码,等级", "001,CS1"])
    assert loaded(path).frames["grades"]["quarter"].item() == "2010Q1"
    assert loaded(path, "2010Q2").frames["grades"]["quarter"].item() == "2010Q2"


def test_grades_without_a_quarter_are_refused(tmp_path: Path) -> None:
    problem = refused(text(tmp_path / "f.csv", ["code,grade", "001,CS1"]))
    assert problem.code == "quarter_needed"
    assert refused(text(tmp_path / "f.csv", ["code,grade", "001,CS1"]), "soon").code == "not_a_quarter"


def test_wide_grades_give_a_row_a_quarter_and_blank_is_no_grade(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["code,2017Q2,2017Q1", "001,CS1,CS2", "002,,CB1", ",CS1,CS1", "003,XX,CS1"]))
    assert found.frames["grades"].rows() == [
        ("001", "2017Q1", "CS2"),
        ("002", "2017Q1", "CB1"),
        ("003", "2017Q1", "CS1"),
        ("001", "2017Q2", "CS1"),
    ]
    assert told(found) == [("required_missing", "A4"), ("not_a_grade", "B5")]


# --- purchases


def test_quarter_totals_by_argument_with_every_spelling_of_numbers(tmp_path: Path) -> None:
    path = text(
        tmp_path / "f.csv",
        ["客户代码,购进量（条）,购进额（元）", '001,"1,234",￥88.00', "002,-,", "003,１２,(5)", "004,12箱,1", "总计,1,1"],
    )
    found = loaded(path, "2017Q1")
    assert found.frames["purchases"].select("customer_code", "period", "quantity", "amount").rows() == [
        ("001", "2017Q1", 1234000, 8800), ("002", "2017Q1", None, None), ("003", "2017Q1", 12000, -500),
    ]  # fmt: skip
    assert [(problem.code, problem.cell, problem.row_text) for problem in found.problems] == [("not_a_number", "B5", "004 | 12箱 | 1")]
    assert found.dropped == 1


def test_wide_quarters_with_two_figures(tmp_path: Path) -> None:
    rows = [
        ["客户代码", "2017Q1 购进量", "2017Q1 购进额", "2017年二季度购进量", "2017年二季度购进额"],
        ["001", 1, 2.5, None, None],
        ["002", 3, 4, 5, 6],
    ]
    found = loaded(workbook(tmp_path / "f.xlsx", {"S": rows}))
    assert found.frames["purchases"].select("customer_code", "period", "quantity", "amount").rows() == [
        ("001", "2017Q1", 1000, 250), ("002", "2017Q1", 3000, 400), ("002", "2017Q2", 5000, 600),
    ]  # fmt: skip


@pytest.mark.parametrize("codes_above", [True, False])
def test_a_header_of_two_rows(tmp_path: Path, codes_above: bool) -> None:
    names = ["客户代码", "客户名称"]
    above = [*(names if codes_above else [None, None]), "2017Q1", None, "2017Q2", None]
    below = [*([None, None] if codes_above else names), "购进量", "购进额", "购进量", "购进额"]
    found = loaded(workbook(tmp_path / "f.xlsx", {"S": [above, below, ["001", "甲", 1, 2, 3, 4]]}))
    assert found.kind == "purchases"
    assert found.frames["purchases"].select("period", "quantity", "amount").rows() == [("2017Q1", 1000, 200), ("2017Q2", 3000, 400)]


def test_wide_months(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["code,2017-01 qty,2017年2月数量", "001,1,2"]))
    assert found.frames["purchases"].select("period", "quantity").rows() == [("2017-01", 1000), ("2017-02", 2000)]


def test_bare_months_need_to_say_what_they_count(tmp_path: Path) -> None:
    lines = ["code,2017-01,2017-02", "001,1,2"]
    assert refused(text(tmp_path / "f.csv", lines)).code == "figure_unnamed"
    found = loaded(text(tmp_path / "购进额.csv", lines))
    assert found.frames["purchases"].select("period", "amount").rows() == [("2017-01", 100), ("2017-02", 200)]


def test_a_row_a_purchase_with_its_date(tmp_path: Path) -> None:
    lines = [
        "code,date,product,quantity,amount",
        "001,2017-01-05,P1,2,9.50",
        "001,2017-01-05,P1,2,9.50",
        "001,05/01/2017,P1,1,1",
        "001,,P1,1,1",
    ]
    found = loaded(text(tmp_path / "f.csv", lines))
    purchases = found.frames["purchases"]
    assert purchases["date"].to_list() == [dt.date(2017, 1, 5)] * 2  # two orders of one day are two rows
    assert purchases["period"].null_count() == purchases["order_number"].null_count() == 2
    assert told(found) == [("not_a_date", "B4"), ("time_missing", "B5")]


def test_a_month_or_quarter_column(tmp_path: Path) -> None:
    for header, cell, period in (("month", "201701", "2017-01"), ("季度", "2017年一季度", "2017Q1"), ("period", "2017Q1", "2017Q1")):
        found = loaded(text(tmp_path / "f.csv", [f"code,{header},qty", f"001,{cell},1"]))
        assert found.frames["purchases"]["period"].to_list() == [period]


def test_purchases_without_any_time_are_refused(tmp_path: Path) -> None:
    assert refused(text(tmp_path / "f.csv", ["code,qty", "001,1"])).code == "quarter_needed"
    assert loaded(text(tmp_path / "2017年1月购进.csv", ["code,qty", "001,1"])).frames["purchases"]["period"].item() == "2017-01"


def test_returns_are_negative(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["code,date,qty,amount", "001,2017-01-05,-2,(9.50)"]))
    assert found.frames["purchases"].select("quantity", "amount").row(0) == (-2000, -950)


def test_the_reference_shapes(shared_data: Path) -> None:
    folder = shared_data / "synthetic"
    titled = loaded(folder / "shape_title_rows_then_header.csv")
    assert titled.frames["purchases"].select("customer_code", "period", "quantity", "amount").rows() == [
        ("000270020092", "2017Q1", 3000, 950)
    ]
    assert titled.dropped == 1
    assert loaded(folder / "shape_cr_only.csv", "2017Q1").frames["purchases"].height == 2
    assert loaded(folder / "shape_sep_line.csv", "2017Q1").frames["purchases"].height == 1
    assert loaded(folder / "shape_embedded_newline.csv").frames["customers"]["customer_name"].item() == "two\nlines"
    assert told(loaded(folder / "shape_semicolon_decimal_comma.csv", "2017Q1")) == [("not_a_number", "B2"), ("not_a_number", "C2")]


# --- customers, follow-ups, products


def test_names_that_look_like_formulas_stay_text(shared_data: Path) -> None:
    for name in ("inject_customer_names.csv", "inject_customer_names.xlsx"):
        found = loaded(shared_data / "synthetic" / name)
        names = dict(found.frames["customers"].select("customer_code", "customer_name").iter_rows())
        assert names["000000000001"] == "=1+1"
        assert found.frames["customers"].schema["customer_name"] == pl.String
        if name.endswith(".csv"):
            assert [names[f"000000000{number}"] for number in (900, 901, 902, 903, 904, 905, 906)] == [
                "-5",
                "-5.25",
                "+886-2-2345-6789",
                "@store",
                "=",
                "-",
                "'=1+1",
            ]


def test_follow_ups_get_an_id_that_stays_when_the_note_is_corrected(tmp_path: Path) -> None:
    def ids(note: str) -> list[str]:
        lines = ["code,date,kind,note", f"001,2017-01-05,visit,{note}", "001,2017-01-05,visit,second", "002,2017-01-05,拜访,x"]
        return loaded(text(tmp_path / "f.csv", lines)).frames["follow_ups"]["follow_up_id"].to_list()

    assert ids("first") == ids("corrected")
    assert len(set(ids("first"))) == 3


def test_products(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["产品代码,产品名称,单位", "P1,甲,箱", "P1,乙,箱"]))
    assert found.kind == "products"
    assert found.frames["products"].rows() == [("P1", "甲", "箱")]
    assert told(found) == [("duplicate_row", "A3")]


# --- what cannot be decided


def test_two_kinds_are_named(tmp_path: Path) -> None:
    problem = refused(text(tmp_path / "f.csv", ["code,grade,quantity", "001,CS1,2"]), "2017Q1")
    assert problem.code == "two_kinds"
    assert "grades" in problem.message("en")
    assert "purchases" in problem.message("zh")


def test_two_columns_of_one_meaning_are_named(tmp_path: Path) -> None:
    problem = refused(text(tmp_path / "f.csv", ["客户代码,数量,销量", "001,1,2"]), "2017Q1")
    assert problem.code == "same_field_twice"
    assert "数量 (B)" in problem.message("en")
    assert "销量 (C)" in problem.message("en")


def test_no_kind_lists_what_was_seen_and_what_each_kind_needs(tmp_path: Path) -> None:
    problem = refused(text(tmp_path / "f.csv", ["colour,shape", "red,round"]))
    assert problem.code == "unknown_kind"
    for language in ("en", "zh"):
        message = problem.message(language)
        assert "colour, shape" in message
        assert all(kind in message for kind in ("routes", "grades", "purchases", "customers", "follow_ups", "products"))


def test_the_header_is_looked_for_in_ten_rows(tmp_path: Path) -> None:
    for above, fits in ((9, True), (10, False)):
        path = text(tmp_path / "f.csv", [*["title"] * above, "code,name", "001,A"])
        if fits:
            assert loaded(path).frames["customers"].height == 1
        else:
            assert refused(path).code == "unknown_kind"


def test_a_sheet_that_is_no_export_is_told_and_the_others_go_in(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", {"说明": [["打印说明"]], "S": [["code", "name"], ["001", "A"]], "empty": []})
    found = loaded(path)
    assert found.kind == "customers"
    assert [(problem.code, problem.sheet) for problem in found.problems] == [("sheet_not_recognised", "说明")]


def test_damaged_codes_never_come_in(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "f.xlsx",
        {"S": [["客户代码", "客户名称"], [123456789012, "a"], [123456789012345678, "b"], ["2.70E+08", "c"], ["00123", "d"]]},
    )
    found = loaded(path)
    assert found.frames["customers"]["customer_code"].to_list() == ["123456789012", "00123"]
    assert told(found) == [("code_damaged", "A3"), ("code_damaged", "A4")]


# --- the reference data


def test_csv_files_and_the_workbook_give_equal_frames(shared_data: Path) -> None:
    folder = shared_data / "completejourney_r1-5"
    frames: dict[str, pl.DataFrame] = {}
    for name in ("routes.csv", "grades.csv", "purchases_month.csv"):
        found = loaded(folder / name)
        assert found.problems == []
        frames |= found.frames
    book = loaded(folder / "exports.xlsx")
    assert book.kind == "routes+grades+purchases"
    assert book.frames.keys() == frames.keys()
    for table_id, frame in frames.items():
        assert frame.equals(book.frames[table_id]), table_id
    assert {table_id: frame.height for table_id, frame in frames.items()} == {
        "customers": 1235,
        "routes": 5,
        "grades": 4623,
        "purchases": 12228,
    }


@pytest.mark.parametrize("name", ["utf8_bom", "utf16_bom", "utf16le_nobom", "utf16be_nobom", "gb18030", "big5_cp950"])
def test_every_encoding_gives_the_same_customers(shared_data: Path, name: str) -> None:
    expected = loaded(shared_data / "synthetic" / "enc_utf8.csv", "2017Q1")
    found = loaded(shared_data / "synthetic" / f"enc_{name}.csv", "2017Q1")
    assert found.frames["grades"].equals(expected.frames["grades"])
    names = [written.replace("堃", "坤") for written in expected.frames["customers"]["customer_name"]]
    assert [written.replace("堃", "坤") for written in found.frames["customers"]["customer_name"]] == names


@pytest.mark.parametrize(("name", "route"), [("3", "3"), ("R7", "7"), ("Route A", "Route A"), ("东线", "东线"), ("周三 3线", "3")])
def test_sheets_named_after_their_route(tmp_path: Path, name: str, route: str) -> None:
    found = loaded(workbook(tmp_path / "f.xlsx", {name: [["code", "name"], ["001", "A"]]}))
    assert found.frames["routes"]["route"].to_list() == [route]


def test_a_header_without_rows_is_told(tmp_path: Path) -> None:
    for lines in (["code,name"], ["code,2017Q1 qty", "total,1"]):
        found = loaded(text(tmp_path / "f.csv", lines))
        assert [problem.code for problem in found.problems] == ["no_rows"]
        assert all(frame.is_empty() for frame in found.frames.values())


def test_a_month_that_is_none(tmp_path: Path) -> None:
    assert told(loaded(text(tmp_path / "f.csv", ["code,month,qty", "001,2017-13,1"]))) == [("not_a_period", "B2")]


def test_notes_below_the_table_are_no_customers(tmp_path: Path) -> None:
    routes = loaded(text(tmp_path / "f.csv", ["线路,客户代码,客户名称", "1,001,甲", ",制表人：张三,", "合计：1户,,"]))
    assert (routes.frames["customers"].height, routes.dropped, routes.problems) == (1, 2, [])


def test_a_purchase_without_any_figure_is_none_but_a_dash_and_a_zero_are_recorded(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["code,qty,amount", "001,,", "002,-,", "003,0,"]), "2017Q1")
    assert found.frames["purchases"].select("customer_code", "quantity").rows() == [("002", None), ("003", 0)]


def test_the_grades_table_comes_back_as_it_was_shown(tmp_path: Path) -> None:
    found = loaded(text(tmp_path / "f.csv", ["customer_code,customer_name,quarter,grade,source", "1,a,2017Q1,CS1,export"]))
    assert found.frames["grades"].to_dicts() == [{"customer_code": "1", "quarter": "2017Q1", "grade": "CS1", "source": "export"}]


SHOWN_CUSTOMERS = "customer_code,customer_name,route,visit_order,owner,my notes," + ",".join(
    column.id for column in CUSTOMERS.columns if column.filled_by == "python"
) + ",batch,account_manager,quantity,amount,last_purchase,last_follow_up"  # fmt: skip


@pytest.mark.parametrize("labelled", [False, True])
def test_the_customers_table_comes_back_as_it_was_shown(tmp_path: Path, labelled: bool) -> None:
    computed = SHOWN_CUSTOMERS.count(",") - 5
    heads = [CUSTOMERS.by_id[name].en if labelled and name in CUSTOMERS.by_id else name for name in SHOWN_CUSTOMERS.split(",")]
    found = loaded(text(tmp_path / "Route 7.csv", [",".join(heads), "001,Depot,3,2,Ana,seldom in," + ",".join(["1"] * computed)]))
    assert found.kind == "customers"
    assert {table: frame.to_dicts() for table, frame in found.frames.items()} == {
        "customers": [
            {"customer_code": "001", "customer_name": "Depot", "route": "3", "visit_order": 2, "owner": "Ana", "my notes": "seldom in"}
        ]
    }
    assert found.problems == []


def test_a_table_that_is_not_quite_as_it_was_shown_is_still_of_two_kinds(tmp_path: Path) -> None:
    header = SHOWN_CUSTOMERS.replace(",advice", "")
    problem = refused(text(tmp_path / "f.csv", [header, "001,Depot" + "," * (header.count(",") - 1)]))
    assert (problem.code, problem.details["first"], problem.details["second"]) == ("two_kinds", "routes", "purchases")


def test_the_follow_ups_come_back_as_they_were_shown(tmp_path: Path) -> None:
    row = "2017-11-17,1,visit,F1,a,CS1↑"
    found = loaded(text(tmp_path / "f.csv", ["date,customer_code,kind,follow_up_id,customer_name,grade", row]))
    assert found.frames["follow_ups"].columns == ["date", "customer_code", "kind", "follow_up_id"]
