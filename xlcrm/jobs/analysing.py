"""Analyse: what customers are worth, where they stand, who is slipping; from the purchases up to a day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from xlcrm.jobs.store import Progress, Store, no_progress, today
from xlcrm.problems import CannotDo, Problem
from xlcrm.settings import Settings
from xlcrm.tables import columns as c
from xlcrm.tables.catalog import TABLES
from xlcrm.tables.schema import SCALE, ColumnKind
from xlcrm.texts import Language, text

if TYPE_CHECKING:
    from xlcrm.models.buying import Buying
    from xlcrm.models.leaving import Events, Judgement
    from xlcrm.models.lifetime import Fit
    from xlcrm.models.worth import Worth
    from xlcrm.rules.lifecycle import StageRule

CENTS = SCALE[ColumnKind.MONEY]
_DIGITS = 8
READ = ("customers", "purchases", "follow_ups", "grades", "grade_rules", "business_types")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of texts/analysis.toml about what could not be done: its entry, and what stands in its places."""

    entry: str
    places: tuple[tuple[str, object], ...] = ()

    def said(self, language: Language) -> str:
        """The sentence."""
        places = {name: text(f"terms.model_{value}", language) if name == "model" else value for name, value in self.places}
        return text(f"analysis.{self.entry}", language, **places)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result tables by id, typed. judgement: how the model of leaving did on the last quarter that is over; None where it could not
    be judged. warned: warnings before the week's visits cut them. remarks: what could not be done and why; of_value: those of them that
    say why columns of the lifetime value are blank. answers_left_out: of customers, off their scale or without a word.
    problems: rows of the rules of the stages that are no rules."""

    as_of: dt.date
    tables: Mapping[str, pl.DataFrame]
    judgement: Judgement | None
    warned: int
    remarks: Sequence[Remark]
    of_value: Sequence[Remark]
    answers_left_out: int = 0
    problems: Sequence[Problem] = ()

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
        from xlcrm.jobs.voices import voice_lines

        rfm, stages, warnings = self.tables["rfm"], self.tables["stages"], self.tables["warnings"]
        best = rfm.filter(pl.col(c.SEGMENT) == "champions").height
        a_class = self.tables["pareto"].filter(pl.col(c.ABC_CLASS) == "A").height
        graver = warnings.filter(pl.col(c.LEVEL) == 2).height
        lines = [
            text("analysis.done", language, day=self.as_of, customers=stages.height, buyers=rfm.height),
            text("analysis.worth", language, a_class=a_class, best=best),
            text("analysis.warned", language, found=self.warned, shown=warnings.height, graver=graver),
        ]
        if self.judgement is not None:
            found = self.judgement
            auc, alone = f"{found.auc:.3f}", f"{found.recency_auc:.3f}"
            lines.append(text("analysis.judged", language, day=found.judged_on, customers=found.customers, auc=auc, alone=alone))
        lines += voice_lines(self.tables, self.answers_left_out, language)
        return [*lines, *(remark.said(language) for remark in self.remarks), *(problem.line(language) for problem in self.problems)]


def analyse(store: Store, as_of: dt.date | None = None, progress: Progress = no_progress) -> Analysis:
    """Computes everything and writes it once. as_of: today, if none is given; nothing after that day is looked at.

    Raises CannotDo, with nothing changed, where there is no purchase with a day up to then.
    """
    from xlcrm.jobs.lookups import of_customers
    from xlcrm.jobs.voices import surveys_of, with_sentiment
    from xlcrm.sheets.changes import WorkbookChanges
    from xlcrm.sheets.valuenote import value_note

    language = store.settings().language
    progress(text("cli.step_read", language, file=store.name), 0, 3)
    frames = {table_id: store.read(table_id).frame for table_id in READ}
    if (surveys := surveys_of(store)) is not None:
        frames["surveys"] = surveys.frame
    progress(text("cli.step_compute", language), 1, 3)
    rules, problems = stage_rules_of(store)
    found = replace(analysis_of(frames, store.settings(), as_of or today(), store.name, rules), problems=problems)
    progress(text("cli.step_save", language), 2, 3)
    tables = {
        table_id: of_customers(table_id, frame, frames["customers"]) for table_id, frame in found.tables.items() if store.has(table_id)
    }
    if surveys is not None:
        tables["surveys"] = with_sentiment(surveys.frame, language)
    note = " ".join(remark.said(language) for remark in found.of_value)
    origins = {} if surveys is None else {"surveys": surveys.rows}
    store.save(WorkbookChanges(tables=tables, values=value_note(note), origins=origins))
    return found


def stage_rules_of(store: Store) -> tuple[list[StageRule], list[Problem]]:
    """The rules of the workbook, and its rows that are none; no rules where it has no such table, as it was made before there was one."""
    from xlcrm.jobs.faults import placed
    from xlcrm.rules.stage_rules import rules_of

    if not store.has("stage_rules"):
        return [], []
    settings, written = store.settings(), store.read("stage_rules")
    rules, faults = rules_of(written.frame.iter_rows(named=True), settings.language)
    return rules, [*written.problems, *(placed(fault, written, "stage_rules", settings) for fault in faults)]


def analysis_of(
    frames: Mapping[str, pl.DataFrame], settings: Settings, as_of: dt.date, file: str = "", stage_rules: Sequence[StageRule] = ()
) -> Analysis:
    """The same of typed tables; nothing is written. stage_rules: those of a new workbook, if none is given."""
    from xlcrm.jobs.visiteffects import visit_table
    from xlcrm.jobs.voices import feedback_of, voice_tables, with_voice
    from xlcrm.models.buying import buying
    from xlcrm.models.leaving import events
    from xlcrm.models.worth import worth
    from xlcrm.rules.activity import activity
    from xlcrm.rules.kpis import kpis
    from xlcrm.rules.lifecycle import DEFAULT_RULES, lifecycle
    from xlcrm.rules.pareto import pareto
    from xlcrm.rules.rfm import rfm
    from xlcrm.rules.warnings import warn
    from xlcrm.rules.winback import win_back
    from xlcrm.sheets.charts import value_chart_tables

    customers, purchases, follow_ups = frames["customers"], frames["purchases"], frames["follow_ups"]
    scored = rfm(purchases, as_of)
    if not len(scored.customers):
        raise CannotDo(Problem("nothing_to_analyse", file=file, value=as_of.isoformat()))
    known, language = events(purchases), settings.language
    chances, judgement, model_rows, unfitted = _leaving(known, as_of, language)
    capacity = weekly_visits(settings, max(customers.height, len(scored.customers)))
    surveys = frames.get("surveys")
    feedback, (said, left_out) = feedback_of(surveys, as_of), voice_tables(surveys, customers, purchases, as_of, language)
    warned = warn(purchases, follow_ups, as_of, capacity=capacity, feedback=feedback, probabilities=chances, language=language)
    stages = lifecycle(customers, purchases, follow_ups, as_of, rules=stage_rules or DEFAULT_RULES, language=language)
    value = worth(buying(purchases, as_of))
    of_models = {fit.model: _unfitted_value(fit, value.known, purchases, as_of) for fit in value.fits if fit.problem}
    of_value = list(of_models.values())[:1]  # too little for the first model is too little for the second one
    tables = {
        "rfm": scored.customers, "rfm_cuts": _cuts(scored.cuts), "activity": _with_chances(activity(purchases, as_of), chances),
        "pareto": pareto(purchases, as_of).customers, "stages": stages.stages, "transitions": stages.transitions,
        "warnings": warned.rows, "win_back": win_back(purchases, follow_ups, as_of, language=language),
        "clv": _clv(value), "clv_model": _models(value, of_models, model_rows, language), **said,
        "kpis": with_voice(kpis(purchases, as_of, customers), said["voice"]),
    }  # fmt: skip
    remarks = [*of_value, *unfitted]
    for part, problem in (_bought_together(purchases, as_of), _groups(scored.customers), _ahead(frames, settings, as_of)):
        tables |= part
        remarks += problem
    tables |= visit_table(frames, settings, as_of)
    tables |= value_chart_tables(tables["rfm"], tables["pareto"], language)
    chosen = {table_id: frame.select(TABLES[table_id].held_ids) for table_id, frame in tables.items()}
    return Analysis(as_of, chosen, judgement, warned.found, remarks, of_value, left_out)


def _bought_together(purchases: pl.DataFrame, as_of: dt.date) -> tuple[dict[str, pl.DataFrame], list[Remark]]:
    """Rules of products bought together, and what to suggest; and what is wrong."""
    from xlcrm.models.baskets import basket_table, baskets, orders, suggestion_table

    known = orders(purchases, as_of)
    found = baskets(known)
    tables = {"baskets": basket_table(found, purchases), "suggestions": suggestion_table(found, known, purchases)}
    return tables, [Remark(f"basket_{found.problem}")] if found.problem and known else []


def _groups(rfm: pl.DataFrame) -> tuple[dict[str, pl.DataFrame], list[Remark]]:
    """Groups of customers that buy alike."""
    from xlcrm.models.segments import FEWEST, clusters

    found = clusters(rfm)
    middle = pl.col(c.MEDIAN_MONETARY).round().cast(pl.Int64)
    remarks = [Remark(f"groups_{found.problem}", (("needed", FEWEST), ("customers", len(rfm))))] if found.problem else []
    return {"segments": found.statistics.with_columns(middle), "segment_members": found.members}, remarks


def _ahead(frames: Mapping[str, pl.DataFrame], settings: Settings, as_of: dt.date) -> tuple[dict[str, pl.DataFrame], list[Remark]]:
    """This quarter's grades from the part of it seen so far; without any grade there is nothing to foretell."""
    from xlcrm.models.nowcast import nowcast

    grades = frames["grades"]
    found = nowcast(frames["customers"], frames["purchases"], grades, frames["grade_rules"], frames["business_types"], settings, as_of)
    return {"nowcast": found.rows}, [Remark(f"nowcast_{found.problem}")] if found.problem and grades.height else []


def weekly_visits(settings: Settings, customers: int) -> int:
    """How many visits a working week holds: everybody once in the visit interval, at the pace of the plan."""
    return max(1, math.ceil(customers / settings.visit_interval_days * 7))


def _unfitted_value(fit: Fit, known: Buying, purchases: pl.DataFrame, as_of: dt.date) -> Remark:
    """Why a model of the lifetime value must not be used."""
    from xlcrm.models.lifetime import FEWEST_CUSTOMERS
    from xlcrm.rules.frames import collected
    from xlcrm.rules.purchasedays import dated

    if fit.problem != "too_few":
        return Remark(f"fit_{fit.problem}", (("model", fit.model),))
    totals = collected(dated(purchases, as_of)).get_column(c.DATE).null_count()
    if totals and not len(known):
        return Remark("value_only_totals", (("totals", totals),))
    again = int((known.repeats > 0).sum()) if fit.model == "bgnbd" else fit.customers
    places = (("needed", FEWEST_CUSTOMERS), ("again", again), ("totals", totals))
    return Remark("value_too_few_totals" if totals else "value_too_few", places if totals else places[:2])


def _leaving(
    known: Events, as_of: dt.date, language: Language
) -> tuple[Mapping[str, float], Judgement | None, list[tuple[str, str, float | None, str | None]], list[Remark]]:
    """The probability of buying nothing in the coming quarter by code; how the model did on the last quarter that is over; its weights;
    why there is none.

    It is judged on the last of the quarters that it is fitted to, by a model that was fitted to those before it alone.
    """
    from xlcrm.models.chances import chances
    from xlcrm.models.leaving import FEWEST, SIGNS, judged

    found = chances(known, as_of)
    model = found.model
    if model is None:
        remark = Remark("leaving_no_quarter")
        return {}, None, [("leaving", "cases", None, remark.said(language))], [remark]
    if found.problem:
        counts = (("needed", FEWEST), ("left", model.left), ("stayed", model.customers - model.left))
        remark = (
            Remark("leaving_too_few", counts) if found.problem == "too_few" else Remark(f"fit_{found.problem}", (("model", "leaving"),))
        )
        return {}, None, [("leaving", "cases", float(model.customers), remark.said(language))], [remark]
    judgement = judged(known, found.fitted_on[:-1], found.fitted_on[-1])
    told: list[tuple[str, str, float | None, str | None]] = [("leaving", "cases", float(model.customers), None)]
    told += [("leaving", name, float(weight), None) for name, weight in zip(("constant", *SIGNS), model.weights, strict=True)]
    if judgement is not None:
        told += [
            ("leaving", "auc", judgement.auc, None), ("leaving", "auc_of_recency_alone", judgement.recency_auc, None),
            ("leaving", "brier", judgement.brier, None),
        ]  # fmt: skip
        for place, (count, said, happened) in enumerate(judgement.bins, start=1):
            note = text("analysis.bin", language, customers=count, happened=f"{happened:.1%}")
            told.append(("leaving", f"calibration_{place}", said, note))
    return found.by_code, judgement, told, []


def _with_chances(activity: pl.DataFrame, chances: Mapping[str, float]) -> pl.DataFrame:
    """The table with each customer's probability of leaving."""
    found = pl.Series(c.PROBABILITY, [chances.get(code) for code in activity[c.CUSTOMER_CODE]], dtype=pl.Float64)
    return activity.with_columns(found)


def _cuts(cuts: pl.DataFrame) -> pl.DataFrame:
    """The cuts with amounts in currency."""
    scale = pl.when(pl.col(c.MEASURE) == c.MONETARY).then(CENTS).otherwise(1)
    return cuts.with_columns(*((pl.col(name) / scale).alias(name) for name in (c.LOWEST, c.HIGHEST)))


def _clv(value: Worth) -> pl.DataFrame:
    """The table of values; blank where a model must not be used."""
    columns = {
        c.SIMPLE: value.simple,
        c.EXPECTED_PURCHASES: value.expected_purchases,
        c.EXPECTED_VALUE: value.expected_value,
        c.P_ALIVE: value.alive,
    }
    frame = pl.DataFrame({c.CUSTOMER_CODE: value.known.codes, **columns}).with_columns(pl.col(pl.Float64).fill_nan(None))
    return frame.with_columns(*((pl.col(name) * CENTS).round().cast(pl.Int64) for name in (c.SIMPLE, c.EXPECTED_VALUE)))


def _models(
    value: Worth, of_models: Mapping[str, Remark], leaving: Sequence[tuple[str, str, float | None, str | None]], language: Language
) -> pl.DataFrame:
    """Every parameter of every model."""
    rows: list[tuple[str, str, float | None, str | None]] = []
    for fit in value.fits:
        problem = of_models[fit.model].said(language) if fit.problem else None
        rows += [(fit.model, name, number, problem) for name, number in fit.parameters.items()]
        likelihood = None if math.isnan(fit.log_likelihood) else fit.log_likelihood
        rows += [(fit.model, "log_likelihood", likelihood, problem), (fit.model, "customers", float(fit.customers), problem)]
    schema = {c.MODEL: pl.String, c.PARAMETER: pl.String, c.VALUE: pl.Float64, c.NOTE: pl.String}
    # An optimiser is not right to the last digit, and those differ between machines.
    shown = [(*row[:2], None if row[2] is None else float(f"{row[2]:.{_DIGITS}g}"), row[3]) for row in (*rows, *leaving)]
    return pl.DataFrame(shown, schema=schema, orient="row")
