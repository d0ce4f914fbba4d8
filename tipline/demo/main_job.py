"""The main job, whole: a tip with media comes in, is examined, linked, and ends in a cleared case and moved figures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, Final

from tipline.demo.clip import FontMissing
from tipline.demo.given_media import MediaInAdvance, Medium
from tipline.demo.steps import Detail
from tipline.demo.throwaway import RunningPlatform, started_platform
from tipline.demo.visitor import Officer, Sender, StepFailed
from tipline.demo.walk_public import PublicWalk
from tipline.demo.walk_staff import StaffWalk
from tipline.intake.tables import FileRole

AUDIT_WITHIN_S: Final = 120.0
LAST_WORDS: Final = 400


class MainJob:
    """The steps over one platform; each step uses what the ones before left."""

    def __init__(self, given: Sequence[Medium], against: RunningPlatform | None, stack: ExitStack) -> None:
        """Take the media to send, a running platform or None for a fresh one, and a stack that ends what is begun."""
        self._against, self._stack = against, stack
        self._media = MediaInAdvance(given, stack)
        self._platform: RunningPlatform
        self._public = PublicWalk()
        self._staff = StaffWalk(self._public)

    def steps(self) -> list[tuple[str, Callable[[], Detail]]]:
        """Return name and deed of every step, in order."""
        public, staff = self._public, self._staff
        return [
            ("start", self._start),
            ("signed_in", self._sign_in),
            ("case_chosen", self._choose_case),
            ("submit_tip", public.submit_tip),
            ("upload_photo", lambda: public.upload(FileRole.PHOTO)),
            ("upload_video", lambda: public.upload(FileRole.VIDEO)),
            ("receipt", public.receipt),
            ("examined", staff.examined),
            ("suggested", staff.suggested),
            ("linked", staff.linked),
            ("vehicle_seized", staff.vehicle_seized),
            ("driver_in_hand", staff.driver_in_hand),
            ("outcome", staff.outcome),
            ("cleared", staff.cleared),
            ("figures_moved", staff.figures_moved),
            ("ledger_verified", self._verify_ledger),
        ]

    def _start(self) -> Detail:
        self._platform = self._against or self._stack.enter_context(started_platform())
        return {
            "public_url": self._platform.public_url,
            "staff_url": self._platform.staff_url,
            "is_fresh": self._against is None,
        }

    def _sign_in(self) -> Detail:
        self._staff.investigator = self._signed_in("investigator")
        self._staff.reviewer = self._signed_in("legal_reviewer")
        self._staff.commander = self._signed_in("commander")
        return {role: self._platform.sign_in_of(role)[0] for role in ("investigator", "legal_reviewer", "commander")}

    def _signed_in(self, role: str) -> Officer:
        officer = Officer(self._platform.staff_url)
        self._stack.callback(officer.close)
        officer.sign_in(*self._platform.sign_in_of(role))
        return officer

    def _choose_case(self) -> Detail:
        known, case = self._staff.choose_case()
        figures = self._staff.remember_figures()
        sender = Sender(self._platform.public_url)
        self._stack.callback(sender.close)
        try:
            media = self._media.for_case(known, case.happened_at)
        except FontMissing as problem:
            raise StepFailed(str(problem)) from problem
        self._public.begin(sender, known, case, media)
        return {
            "case": case.number,
            "address": case.address,
            "place": known.place,
            "happened_at": case.happened_at.isoformat(),
            "media": [{"name": one.name, "role": one.role.value, "is_rendered": one.path is None} for one in media],
            "figures_before": figures,
        }

    def _verify_ledger(self) -> Detail:
        """Replay the custody ledger by the command an auditor would use, beside the running platform."""
        command = [sys.executable, "-m", "tipline.cli", "evidence", "audit", "--json", "--bytes"]
        if self._platform.data is not None:
            command += ["--data", str(self._platform.data)]
        try:
            done = subprocess.run(  # noqa: S603  our own program and arguments
                command, capture_output=True, text=True, check=False, timeout=AUDIT_WITHIN_S
            )
        except subprocess.TimeoutExpired as problem:
            raise StepFailed(f"the audit did not end within {AUDIT_WITHIN_S:.0f} s") from problem
        try:
            report: dict[str, Any] = json.loads(done.stdout)
        except ValueError as problem:
            raise StepFailed(f"the audit gave no answer: {done.stderr.strip()[-LAST_WORDS:]}") from problem
        if done.returncode:
            raise StepFailed(f"the ledger is not whole: {json.dumps(report, ensure_ascii=False)[:LAST_WORDS]}")
        return report
