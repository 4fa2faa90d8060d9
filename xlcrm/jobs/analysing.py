"""Analyse: what customers are worth, where they stand, who is slipping; from the purchases up to a day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    from xlcrm.models.leaving import Events, Judgement
    from xlcrm.models.worth import Worth

CENTS = SCALE[ColumnKind.MONEY]
_DIGITS = 8
READ = ("customers", "purchases", "follow_ups", "grades", "grade_rules", "business_types")


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result tables by id, typed. judgement: how the model of leaving did on the last quarter that is over; None where it could not
    be judged. warned: warnings before the week's visits cut them."""

    as_of: dt.date
    tables: Mapping[str, pl.DataFrame]
    judgement: Judgement | None
    warned: int
    problems: Sequence[str]

    def lines(self, language: Language) -> list[str]:
        """For a terminal or a message box."""
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
        return [*lines, *(text(f"analysis.{problem}", language) for problem in self.problems)]


def analyse(store: Store, as_of: dt.date | None = None, progress: Progress = no_progress) -> Analysis:
    """Computes everything and writes it once. as_of: today, if none is given; nothing after that day is looked at.

    Raises CannotDo, with nothing changed, where there is no purchase with a day up to then.
    """
    from xlcrm.sheets.changes import WorkbookChanges

    language = store.settings().language
    progress(text("cli.step_read", language, file=store.name), 0, 3)
    frames = {table_id: store.read(table_id).frame for table_id in READ}
    progress(text("cli.step_compute", language), 1, 3)
    found = analysis_of(frames, store.settings(), as_of or today(), store.name)
    progress(text("cli.step_save", language), 2, 3)
    store.save(WorkbookChanges(tables=dict(found.tables)))
    return found


def analysis_of(frames: Mapping[str, pl.DataFrame], settings: Settings, as_of: dt.date, file: str = "") -> Analysis:
    """The same of typed tables; nothing is written."""
    from xlcrm.models.buying import buying
    from xlcrm.models.leaving import events
    from xlcrm.models.worth import worth
    from xlcrm.rules.activity import activity
    from xlcrm.rules.kpis import kpis
    from xlcrm.rules.lifecycle import lifecycle
    from xlcrm.rules.pareto import pareto
    from xlcrm.rules.rfm import rfm
    from xlcrm.rules.warnings import warn
    from xlcrm.rules.winback import win_back

    customers, purchases, follow_ups = frames["customers"], frames["purchases"], frames["follow_ups"]
    scored = rfm(purchases, as_of)
    if not len(scored.customers):
        raise CannotDo(Problem("nothing_to_analyse", file=file, value=as_of.isoformat()))
    known, language = events(purchases), settings.language
    chances, judgement, model_rows = _leaving(known, as_of, language)
    capacity = weekly_visits(settings, max(customers.height, len(scored.customers)))
    warned = warn(purchases, follow_ups, as_of, capacity=capacity, probabilities=chances, language=language)
    stages = lifecycle(customers, purchases, follow_ups, as_of, language=language)
    value = worth(buying(purchases, as_of))
    tables = {
        "rfm": scored.customers, "rfm_cuts": _cuts(scored.cuts), "activity": _with_chances(activity(purchases, as_of), chances),
        "pareto": pareto(purchases, as_of).customers, "stages": stages.stages, "transitions": stages.transitions,
        "warnings": warned.rows, "win_back": win_back(purchases, follow_ups, as_of, language=language),
        "clv": _clv(value), "clv_model": _models(value, model_rows, language), "kpis": kpis(purchases, as_of, customers),
    }  # fmt: skip
    problems = [f"fit_{fit.problem}" for fit in value.fits if fit.problem]
    for part, problem in (_bought_together(purchases, as_of), _groups(scored.customers), _ahead(frames, settings, as_of)):
        tables |= part
        problems += [problem] if problem else []
    chosen = {table_id: frame.select(TABLES[table_id].column_ids) for table_id, frame in tables.items()}
    return Analysis(as_of, chosen, judgement, warned.found, sorted(set(problems)))


def _bought_together(purchases: pl.DataFrame, as_of: dt.date) -> tuple[dict[str, pl.DataFrame], str]:
    """Rules of products bought together, and what to suggest; and the text of what is wrong."""
    from xlcrm.models.baskets import basket_table, baskets, orders, suggestion_table

    known = orders(purchases, as_of)
    found = baskets(known)
    tables = {"baskets": basket_table(found, purchases), "suggestions": suggestion_table(found, known, purchases)}
    return tables, f"basket_{found.problem}" if found.problem and known else ""


def _groups(rfm: pl.DataFrame) -> tuple[dict[str, pl.DataFrame], str]:
    """Groups of customers that buy alike; too few customers make none, which the models say already."""
    from xlcrm.models.segments import clusters

    found = clusters(rfm)
    middle = pl.col(c.MEDIAN_MONETARY).round().cast(pl.Int64)
    return {"segments": found.statistics.with_columns(middle), "segment_members": found.members}, ""


def _ahead(frames: Mapping[str, pl.DataFrame], settings: Settings, as_of: dt.date) -> tuple[dict[str, pl.DataFrame], str]:
    """This quarter's grades from the part of it seen so far; without any grade there is nothing to foretell."""
    from xlcrm.models.nowcast import nowcast

    grades = frames["grades"]
    found = nowcast(frames["customers"], frames["purchases"], grades, frames["grade_rules"], frames["business_types"], settings, as_of)
    return {"nowcast": found.rows}, f"nowcast_{found.problem}" if found.problem and grades.height else ""


def weekly_visits(settings: Settings, customers: int) -> int:
    """How many visits a working week holds: everybody once in the visit interval, at the pace of the plan."""
    return max(1, math.ceil(customers / settings.visit_interval_days * 7))


def _leaving(
    known: Events, as_of: dt.date, language: Language
) -> tuple[Mapping[str, float], Judgement | None, list[tuple[str, str, float | None, str | None]]]:
    """The probability of buying nothing in the coming quarter by code; how the model did on the last quarter that is over; its weights.

    It is judged on the last of the quarters that it is fitted to, by a model that was fitted to those before it alone.
    """
    from xlcrm.models.chances import chances
    from xlcrm.models.leaving import SIGNS, judged

    found = chances(known, as_of)
    model = found.model
    if found.problem or model is None:
        customers = None if model is None else float(model.customers)
        return {}, None, [("leaving", "customers", customers, text(f"analysis.fit_{found.problem}", language))]
    judgement = judged(known, found.fitted_on[:-1], found.fitted_on[-1])
    told: list[tuple[str, str, float | None, str | None]] = [("leaving", "customers", float(model.customers), None)]
    told += [("leaving", name, float(weight), None) for name, weight in zip(("constant", *SIGNS), model.weights, strict=True)]
    if judgement is not None:
        told += [
            ("leaving", "auc", judgement.auc, None), ("leaving", "auc_of_recency_alone", judgement.recency_auc, None),
            ("leaving", "brier", judgement.brier, None),
        ]  # fmt: skip
        for place, (count, said, happened) in enumerate(judgement.bins, start=1):
            note = text("analysis.bin", language, customers=count, happened=f"{happened:.1%}")
            told.append(("leaving", f"calibration_{place}", said, note))
    return found.by_code, judgement, told


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


def _models(value: Worth, leaving: Sequence[tuple[str, str, float | None, str | None]], language: Language) -> pl.DataFrame:
    """Every parameter of every model."""
    rows: list[tuple[str, str, float | None, str | None]] = []
    for fit in value.fits:
        problem = text(f"analysis.fit_{fit.problem}", language) if fit.problem else None
        rows += [(fit.model, name, number, problem) for name, number in fit.parameters.items()]
        likelihood = None if math.isnan(fit.log_likelihood) else fit.log_likelihood
        rows += [(fit.model, "log_likelihood", likelihood, problem), (fit.model, "customers", float(fit.customers), problem)]
    schema = {c.MODEL: pl.String, c.PARAMETER: pl.String, c.VALUE: pl.Float64, c.NOTE: pl.String}
    # An optimiser is not right to the last digit, and those differ between machines.
    shown = [(*row[:2], None if row[2] is None else float(f"{row[2]:.{_DIGITS}g}"), row[3]) for row in (*rows, *leaving)]
    return pl.DataFrame(shown, schema=schema, orient="row")
