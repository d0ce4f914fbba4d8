"""The figures: each is one SQL query for its rows, from which both its number and its list come.

A year is a calendar year in Asia/Shanghai. Cleared in a year: the clearance is dated in it, whenever the case was
recorded. Cleared of those recorded in a year: cleared by now. Detained persons: human beings, each once, with a
detention executed in it that was not revoked; a decision that was not carried out detains nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tipline.cases.access import Reader, visible_cases
from tipline.cases.measures.kinds import DETENTIONS
from tipline.cases.tables import Case, Severity
from tipline.clock import start_of_year
from tipline.dashboard.rules import STRIP_YEARS, Share, StripYear, years_in_a_row
from tipline.errors import NotFound
from tipline.web.numbers import number_from

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
LIST_PAGE_SIZE: Final = 100


class FigureUnknown(NotFound):
    """There is no figure of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no figure {name!a}")


class RowKind(StrEnum):
    """What a figure counts."""

    CASE = "case"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its list. `rows` is SQL whose `BEGINS` and `ENDS` stand for the year's bounds."""

    name: str
    kind: RowKind
    rows: str

    def between(self, begins: str, ends: str) -> str:
        """Return the SQL of the rows with the bounds written as given (a placeholder or a column)."""
        return self.rows.replace("BEGINS", begins).replace("ENDS", ends)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a figure has, and whether invented (demo) ones are among them."""

    number: int
    is_demo: bool


_CASE_COLUMNS: Final = """
SELECT c.id AS case_id, c.number, c.severity, c.happened_from, c.place_text, c.recorded_at, c.state, c.is_demo,
       k.cleared_at, u.name AS unit_name
FROM case_file c JOIN unit u ON u.id = c.unit LEFT JOIN clearance k ON k."case" = c.id AND k.revoked_at IS NULL"""
_CLEARED: Final = f"{_CASE_COLUMNS} WHERE k.cleared_at >= BEGINS AND k.cleared_at < ENDS"
# What turned out unfounded, went to another jurisdiction or was a duplicate has left every count of cases.
_RECORDED: Final = (
    f"{_CASE_COLUMNS} WHERE c.recorded_at >= BEGINS AND c.recorded_at < ENDS"
    " AND c.state NOT IN ('unfounded', 'transferred_out', 'merged')"
)
_RECORDED_CLEARED: Final = f"{_RECORDED} AND k.cleared_at IS NOT NULL"
_BY_TIP: Final = (
    f'{_CLEARED} AND EXISTS (SELECT 1 FROM link l WHERE l."case" IN (SELECT case_family(c.id)) AND l.is_useful)'  # noqa: S608  this file's constants
)
_DETAINED: Final = """
SELECT (array_agg(p.id ORDER BY o.executed_at, o.id))[1] AS person_id,
       (array_agg(p.full_name ORDER BY o.executed_at, o.id))[1] AS full_name,
       (array_agg(c.id ORDER BY o.executed_at, o.id))[1] AS case_id,
       (array_agg(c.number ORDER BY o.executed_at, o.id))[1] AS number,
       (array_agg(c.severity ORDER BY o.executed_at, o.id))[1] AS severity,
       bool_or(c.is_demo) AS is_demo,
       min(o.executed_at) AS executed_at, string_agg(o.document_number, '、' ORDER BY o.executed_at) AS documents
FROM outcome o JOIN person p ON p.id = o.person JOIN case_file f ON f.id = p."case"
JOIN case_file c ON c.id = coalesce(f.merged_into, f.id)
LEFT JOIN LATERAL (SELECT identity FROM person_particulars WHERE person = p.id AND identity IS NOT NULL
                   ORDER BY recorded_at DESC LIMIT 1) known ON true
WHERE o.kind = '{kind}' AND o.stage IN ('executed', 'ended') AND o.executed_at >= BEGINS AND o.executed_at < ENDS
GROUP BY coalesce(known.identity, p.id)"""


def _figures() -> dict[str, Figure]:
    made = [
        Figure("cleared", RowKind.CASE, _CLEARED),
        Figure("recorded", RowKind.CASE, _RECORDED),
        Figure("recorded_cleared", RowKind.CASE, _RECORDED_CLEARED),
        Figure("cleared_by_tip", RowKind.CASE, _BY_TIP),
    ]
    for severity in Severity:
        only = f" AND c.severity = '{severity.value}'"
        made += [
            Figure(f"cleared_{severity.value}", RowKind.CASE, _CLEARED + only),
            Figure(f"recorded_{severity.value}", RowKind.CASE, _RECORDED + only),
            Figure(f"recorded_cleared_{severity.value}", RowKind.CASE, _RECORDED_CLEARED + only),
        ]
    made += [Figure(f"{kind.value}", RowKind.PERSON, _DETAINED.format(kind=kind.value)) for kind in DETENTIONS]
    return {figure.name: figure for figure in made}


FIGURES: Final[Mapping[str, Figure]] = _figures()
TELLING: Final = ("number", "full_name", "place_text", "documents")
_ORDER: Final = {RowKind.CASE: "coalesce(cleared_at, recorded_at) DESC, number", RowKind.PERSON: "executed_at, number"}
_COUNT: Final = "count(*) AS number, coalesce(bool_or(x.is_demo), false) AS is_demo"


def _all_counts() -> str:
    year = ("(SELECT begins FROM y)", "(SELECT ends FROM y)")
    counts = [
        f"SELECT '{one.name}' AS name, {_COUNT} FROM ({one.between(*year)}) x"  # noqa: S608  this file's constants
        for one in FIGURES.values()
    ]
    return f"WITH y AS (SELECT {{}}::timestamptz AS begins, {{}}::timestamptz AS ends) {' UNION ALL '.join(counts)}"


def _strip() -> str:
    # From the first year with a case on, so that a row of years is counted from its beginning.
    recorded, cleared = (
        f"LATERAL (SELECT {_COUNT} FROM ({FIGURES[name].between('y.begins', 'y.ends')}) x)"  # noqa: S608  constants
        for name in ("recorded_fatal", "recorded_cleared_fatal")
    )
    return f"""
WITH first AS (SELECT extract(year FROM min(recorded_at) AT TIME ZONE 'Asia/Shanghai')::int AS year FROM case_file),
y AS (
  SELECT year, make_timestamptz(year, 1, 1, 0, 0, 0, 'Asia/Shanghai') AS begins,
         make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'Asia/Shanghai') AS ends
  FROM generate_series(least((SELECT year FROM first), {{}}::int), {{}}::int) AS year
)
SELECT y.year, n.number AS n, k.number AS k, n.is_demo FROM y, {recorded} n, {cleared} k ORDER BY y.year"""  # noqa: S608


_ALL_COUNTS: Final = _all_counts()
_STRIP: Final = _strip()


def figure_named(name: str) -> Figure:
    """Return the figure called `name`.

    Raises:
        FigureUnknown: there is none.
    """
    if name not in FIGURES:
        raise FigureUnknown(name)
    return FIGURES[name]


def year_from(text: str, *, this_year: int) -> int:
    """Read a year from an address; what is no year of ours is this year."""
    return number_from(text, least=FIRST_YEAR, most=LAST_YEAR, otherwise=this_year)


async def count_all(year: int) -> dict[str, Count]:
    """Return the number of every figure of a year, in one query."""
    rows = await Case.raw(_ALL_COUNTS, start_of_year(year), start_of_year(year + 1))
    return {row["name"]: Count(row["number"], row["is_demo"]) for row in rows}


async def read_list(figure: Figure, year: int, *, of: Reader, page: int | None = None) -> list[dict[str, Any]]:
    """Return the rows of a figure: one page of 100, or all of them without `page`.

    Every case that is counted has its row; of one that is not `of`'s to read, `is_readable` is false and what would
    tell the case or a person apart is empty.
    """
    some = "" if page is None else f" LIMIT {LIST_PAGE_SIZE} OFFSET {(page - 1) * LIST_PAGE_SIZE}"
    rows: list[dict[str, Any]] = await Case.raw(
        f"SELECT x.*, x.case_id IN (SELECT own.id FROM case_file own WHERE {{}}) AS is_readable"  # noqa: S608  constants
        f" FROM ({figure.between('{}', '{}')}) x ORDER BY {_ORDER[figure.kind]}{some}",
        visible_cases(of, "own"),
        start_of_year(year),
        start_of_year(year + 1),
    )
    return [row if row["is_readable"] else row | hidden(row) for row in rows]


def hidden(row: dict[str, Any]) -> dict[str, str]:
    """Return what stands in a row instead of what tells a case or a person apart."""
    return {name: "" for name in TELLING if name in row}


async def read_strip(year: int) -> tuple[list[StripYear], int]:
    """Return the seven years up to `year`, and for how many years in a row every fatal case was cleared."""
    rows = await Case.raw(_STRIP, year - STRIP_YEARS + 1, year)
    years = [StripYear(row["year"], Share(row["k"], row["n"]), row["is_demo"]) for row in rows]
    return years[-STRIP_YEARS:], years_in_a_row(years)
