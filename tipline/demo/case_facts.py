"""Steps of procedure of the open cases, so that the county shows clocks that run, one that is due and one overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tipline.cases.clocks.tables import CaseFact
from tipline.cases.tables import Case
from tipline.demo.chance import Chance
from tipline.law.tables import LegalFact

SEED: Final = 46


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of an open case: so long after its accident, under this number."""

    case: str
    kind: LegalFact
    after: timedelta
    number: str = ""


STEPS: Final = (
    Step("van", LegalFact.RESCUE_BEGUN, timedelta(minutes=40)),
    Step("van", LegalFact.SCENE_WORK_ENDED, timedelta(hours=3)),
    Step("truck", LegalFact.DEATH, timedelta(minutes=50)),
    Step("truck", LegalFact.SCENE_WORK_ENDED, timedelta(hours=4)),
    Step("light_truck", LegalFact.SCENE_WORK_ENDED, timedelta(hours=3)),
    Step("light_truck", LegalFact.EXAMINATION_COMMISSIONED, timedelta(hours=15), "演示高公交鉴委〔2026〕031号"),
    Step("night_car", LegalFact.SCENE_WORK_ENDED, timedelta(hours=3)),
    Step("night_car", LegalFact.EXAMINATION_COMMISSIONED, timedelta(hours=32), "演示高公交鉴委〔2026〕029号"),
    Step("night_car", LegalFact.EXAMINATION_REPORT_RECEIVED, timedelta(days=10), "演示司鉴〔2026〕117号"),
    # Ten working days from this application ended about a week ago: the overdue one.
    Step("liangcun", LegalFact.VICTIM_APPLICATION_RECEIVED, timedelta(days=6)),
    Step("school", LegalFact.VICTIM_APPLICATION_RECEIVED, timedelta(days=9)),
)


def case_facts(cases: Mapping[str, Case], now: datetime) -> list[CaseFact]:
    """Return the rows of the steps that have happened by `now`; `cases` are the open ones by key."""
    chance = Chance(SEED)
    rows = []
    for step in STEPS:
        case = cases[step.case]
        happened_at = case.happened_from + step.after
        if happened_at > now:
            continue
        rows.append(
            CaseFact(
                id=chance.uuid(),
                case=case.id,
                person=None,
                kind=step.kind,
                happened_at=happened_at,
                document_number=step.number,
                note="",
                clock=None,
                recorded_by=case.lead_officer,
                recorded_at=min(happened_at + timedelta(minutes=30), now),
                withdrawn_by=None,
                withdrawn_at=None,
                withdrawal_reason="",
            )
        )
    return rows
