"""The officers' half of the walk: from the inbox to the cleared case, by the forms that officers use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from tipline.clock import SHANGHAI
from tipline.demo.casefile import AUTHORITY
from tipline.demo.html_tree import Element
from tipline.demo.measures import EDGE_YEAR
from tipline.demo.present_cases import OPEN_CASES, OpenCase
from tipline.demo.staff_reading import (
    ListedCase,
    SeenSuggestion,
    figures_of,
    files_of_tip,
    links_to,
    listed_cases,
    suggestions_of_tip,
)
from tipline.demo.steps import Detail, wait_for
from tipline.demo.visitor import Officer, StepFailed
from tipline.demo.walk_public import PublicWalk

EXAMINED_WITHIN_S: Final = 240.0
SUGGESTED_WITHIN_S: Final = 90.0
PERSON: Final = "走查演"
# How the tip page marks a file that was examined, and one that never will be.
EXAMINED: Final = "ok"
UNREADABLE: Final = ("warn", "danger")


@dataclass(slots=True)
class StaffWalk:
    """Investigator, legal reviewer and commander, who take up the tip of `public`; fields fill up on the way."""

    public: PublicWalk
    investigator: Officer = field(init=False)
    reviewer: Officer = field(init=False)
    commander: Officer = field(init=False)
    case_address: str = ""
    tip_address: str = ""
    suggestion: SeenSuggestion | None = None
    before: dict[int, dict[str, int]] = field(default_factory=dict)

    def choose_case(self) -> tuple[OpenCase, ListedCase]:
        """Return the first of the county's recent cases that is open still and bears a plate.

        Raises:
            StepFailed: none is left; a fresh platform has some.
        """
        for known in OPEN_CASES:
            if not known.vehicle.plate:
                continue
            page = self.investigator.open(f"/cases?state=open&q={known.place}")
            for row in listed_cases(page):
                local = row.happened_at.astimezone(SHANGHAI)
                if (local.hour, local.minute) == (known.hour, known.minute) and known.place in row.text:
                    self.case_address = row.address
                    return known, row
        raise StepFailed("no open demo case is left: start a platform on a fresh data folder")

    def remember_figures(self) -> Detail:
        """Read the figures of this year and of the demo year before anything is done."""
        year = datetime.now(SHANGHAI).year
        self.before = {one: self._figures(one) for one in (year, EDGE_YEAR)}
        return {"year": year, **self.before[year]}

    def examined(self) -> Detail:
        """Find the tip in the inbox and wait until every file was looked at."""
        found = wait_for("tip in the inbox", lambda: self._tip(self.public.mark), within_s=SUGGESTED_WITHIN_S)
        self.tip_address = found

        def all_examined() -> Detail | None:
            files = files_of_tip(self.investigator.open(self.tip_address))
            refused = [file for file in files if file.state in UNREADABLE]
            if refused:
                raise StepFailed(f"a file was not examined: {refused[0].name}: {refused[0].status}")
            if len(files) < len(self.public.media) or any(file.state != EXAMINED for file in files):
                return None
            return {
                "tip": self.tip_address,
                "frames": sum(file.frames for file in files),
                "hints": sum(file.hints for file in files),
                "plates": list(dict.fromkeys(plate for file in files for plate in file.plates)),
                "files": [
                    {"name": file.name, "frames": file.frames, "hints": file.hints, "plates": list(file.plates)}
                    for file in files
                ],
            }

        detail = wait_for("end of the examination", all_examined, within_s=EXAMINED_WITHIN_S)
        if not detail["frames"]:
            raise StepFailed("the examination kept no frame")
        return detail

    def suggested(self) -> Detail:
        """Wait for the case among the suggestions, with its reasons."""

        def look() -> list[SeenSuggestion] | None:
            shown = suggestions_of_tip(self.investigator.open(self.tip_address))
            return shown if any(one.case_address == self.case_address and one.accept for one in shown) else None

        shown = wait_for("suggestion of the case", look, within_s=SUGGESTED_WITHIN_S)
        place = next(at for at, one in enumerate(shown) if one.case_address == self.case_address)
        self.suggestion = shown[place]
        return {
            "case": self.suggestion.number,
            "match_weight_bits": self.suggestion.bits,
            "rank": place + 1,
            "suggestions": len(shown),
            "reasons": list(self.suggestion.reasons),
        }

    def linked(self) -> Detail:
        """Accept the suggestion: a named officer decides."""
        accept = self.suggestion.accept if self.suggestion else ""
        page = self.investigator.submit(self.investigator.open(self.tip_address), accept, {})
        section = next((one for one in page.all("section") if one.attributes.get("aria-labelledby") == "links"), page)
        if self.case_address not in links_to(section, "/cases/ID"):
            raise StepFailed(f"the tip page does not show the link to {self.case_address}")
        return {"tip": self.tip_address, "case": self.case_address}

    def vehicle_seized(self) -> Detail:
        """Say which vehicle it is, and that it is in police hands."""
        page = self.investigator.open(f"{self.case_address}/vehicles")
        [identify, *_] = self._links(page, f"{self.case_address}/vehicles/ID/identify", "to identify the vehicle")
        page = self._fill(identify, {"plate_text": self.public.known.vehicle.plate, "identified_at": _now()})
        [seize, *_] = self._links(page, f"{self.case_address}/vehicles/ID/seize", "to record its seizure")
        self._fill(seize, {"seized_at": _now()})
        return {"plate": self.public.known.vehicle.plate}

    def driver_in_hand(self) -> Detail:
        """Name a driver, clearly invented, and record that he is in police hands."""
        new = f"{self.case_address}/persons/new"
        page = self.investigator.submit(
            self.investigator.open(new),
            f"{self.case_address}/persons",
            {"full_name": PERSON, "role": "driver", "identified_at": _now()},
        )
        [in_hand, *_] = self._links(page, f"{self.case_address}/persons/ID/in-hand", "to record the driver in hand")
        self._fill(in_hand, {"in_hand_at": _now()})
        return {"person": PERSON}

    def outcome(self) -> Detail:
        """Take a criminal detention by the book: filing, proposal, legal review, approval and execution."""
        year, mark = datetime.now(SHANGHAI).year, self.public.mark
        number = f"演示高公拘字〔{year}〕{mark}号"
        self._official_step("registration", f"演示高公受字〔{year}〕{mark}号")
        self._official_step("filing", f"演示高公立字〔{year}〕{mark}号")
        form = self.investigator.open(f"{self.case_address}/measures/new?kind=criminal_detention")
        self.investigator.submit(
            form,
            f"{self.case_address}/measures",
            {
                "person": _driver(form),
                "basis": "criminal_detention_of_suspect",
                "ground": "ground_fled",
                "reason": "演示：肇事后驾车逃离现场",
            },
        )
        waiting = links_to(self.reviewer.open("/measures/review"), f"{self.case_address}/measures/ID/review")
        if not waiting:
            raise StepFailed("the queue of the legal reviewer does not hold the measure")
        measure = waiting[0].removesuffix("/review")
        self.reviewer.submit(
            self.reviewer.open(f"{measure}/review"),
            f"{measure}/review",
            {"verdict": "pass", "reason": "演示：依据、程序审核无异议"},
        )
        self._fill(f"{measure}/approve", {"authority": AUTHORITY, "document_number": number, "approved_at": _now()})
        page = self._fill(f"{measure}/execute", {"executed_at": _now()})
        if number not in page.text:
            raise StepFailed("the page of the measure does not show its document")
        return {
            "kind": "criminal_detention",
            "document_number": number,
            "ground": "ground_fled",
            "measure": measure,
            "steps": ["proposed", "reviewed", "approved", "executed"],
        }

    def cleared(self) -> Detail:
        """Clear the case as a commander, with the tip marked as helpful."""
        address = f"{self.case_address}/clearance"
        form = self.commander.open(address)
        useful = next(
            (one.attributes["value"] for one in form.all("input") if one.attributes.get("name") == "useful"), ""
        )
        if not useful:
            raise StepFailed("the clearance form does not offer the linked tip")
        self.commander.submit(form, address, {"driver": _driver(form), "cleared_at": _now(), "useful": useful})
        if self.case_address not in [row.address for row in self._listed_cleared()]:
            raise StepFailed("the case is not among the cleared ones")
        return {"case": self.case_address, "tips_helped": 1}

    def figures_moved(self) -> Detail:
        """Hold the figures against those before: this year's moved, each opens its list, the demo year's did not."""
        year = next(iter(self.before))
        after, before = self._figures(year), self.before[year]
        moved = ("cleared", f"cleared_{self.public.known.severity.value}", "cleared_by_tip", "criminal_detention")
        still = [name for name in moved if after.get(name, 0) <= before.get(name, 0)]
        if still:
            raise StepFailed(f"these figures did not move: {', '.join(still)}")
        listed = self.commander.open(f"/dashboard/list/cleared?year={year}")
        if self.case_address not in links_to(listed, "/cases/ID"):
            raise StepFailed("the list behind the figure does not hold the case")
        if self._figures(EDGE_YEAR) != self.before[EDGE_YEAR]:
            raise StepFailed(f"the figures of {EDGE_YEAR} changed")
        return {"year": year, **{name: {"before": before.get(name, 0), "after": after[name]} for name in moved}}

    def _tip(self, mark: str) -> str | None:
        found = links_to(self.investigator.open(f"/inbox?state=received&q={mark}"), "/tips/ID")
        return found[0] if found else None

    def _figures(self, year: int) -> dict[str, int]:
        return figures_of(self.commander.open(f"/dashboard?year={year}"), year)

    def _listed_cleared(self) -> list[ListedCase]:
        return listed_cases(self.commander.open("/cases?state=cleared"))

    def _links(self, page: Element, pattern: str, what: str) -> list[str]:
        found = links_to(page, pattern)
        if not found:
            raise StepFailed(f"the case page has no link {what}")
        return found

    def _official_step(self, kind: str, number: str) -> None:
        """Record an official step of the case, unless its page shows one of the kind already."""
        address = f"{self.case_address}/procedure"
        if number.partition("〔")[0] in self.investigator.open(self.case_address).text:
            return
        fields = {"document_number": number, "authority": AUTHORITY, "approver": "局长（演示）", "decided_at": _now()}
        self.investigator.submit(self.investigator.open(f"{address}/new?kind={kind}"), address, fields)

    def _fill(self, address: str, fields: dict[str, str]) -> Element:
        return self.investigator.submit(self.investigator.open(address), address, fields)


def _driver(form: Element) -> str:
    """Return the choice of a form that names the driver of the walk; a case may name other persons, too."""
    return next((one.attributes["value"] for one in form.all("option") if PERSON in one.text), "")


def _now() -> str:
    """Return the present minute as a form's time field takes it."""
    return datetime.now(UTC).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
