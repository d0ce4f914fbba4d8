"""The public's half of the walk: a tip with a photo and a video, and what its sender is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import uuid4

from tipline.demo.geography import SPOTS
from tipline.demo.given_media import Medium
from tipline.demo.present_cases import OpenCase
from tipline.demo.staff_reading import ListedCase
from tipline.demo.steps import Detail, wait_for
from tipline.demo.visitor import Sender, StepFailed
from tipline.intake.tables import Datum, FileRole

SEALED_WITHIN_S: Final = 60.0


@dataclass(slots=True)
class PublicWalk:
    """Sends one tip that fits a case; `mark` is a word of its story by which officers find it again.

    What has no default is filled by `begin`, before any other method is called.
    """

    sender: Sender = field(init=False)
    known: OpenCase = field(init=False)
    case: ListedCase = field(init=False)
    media: Sequence[Medium] = field(init=False)
    mark: str = field(default_factory=lambda: uuid4().hex[:8])
    receipt_code: str = ""

    def begin(self, sender: Sender, known: OpenCase, case: ListedCase, media: Sequence[Medium]) -> None:
        """Say which case the tip fits, and which files go with it."""
        self.sender, self.known, self.case, self.media = sender, known, case, media

    def submit_tip(self) -> Detail:
        """Send the words, with place, time and plate as fields."""
        vehicle = self.known.vehicle
        moment = self.case.happened_at + timedelta(minutes=2)
        spot = next(spot for spot in SPOTS if spot.text == self.known.place)
        told = self.sender.submit_tip(
            {
                "story": f"【演示】我在{self.known.place}看见一辆{vehicle.words}撞了人没停，车牌{vehicle.plate}，"
                f"{vehicle.features}。（演示编号{self.mark}）",
                "happened_from": moment.isoformat(),
                "happened_to": moment.isoformat(),
                "place_text": self.known.place,
                "latitude": spot.latitude,
                "longitude": spot.longitude,
                "datum": Datum.WGS84.value,
                "plate_text": vehicle.plate,
                "vehicle_type": vehicle.type.value,
                "vehicle_colour": vehicle.colour.value,
                "damage": vehicle.features,
            }
        )
        self.receipt_code = str(told.get("receipt_code", ""))
        if not self.receipt_code:
            raise StepFailed(f"the answer holds no receipt code: {told}")
        return {"receipt_code": self.receipt_code, "received_at": told.get("received_at"), "status": told.get("status")}

    def upload(self, role: FileRole) -> Detail:
        """Send the files of one kind."""
        sent = []
        for medium in self.media:
            if medium.role != role:
                continue
            with medium.open() as content:
                told = self.sender.upload(self.receipt_code, role.value, medium.name, content)
            sent.append({"name": medium.name, "size_bytes": told.get("size_bytes"), "state": told.get("state")})
        return {"files": sent}

    def receipt(self) -> Detail:
        """Ask with the code until every file is sealed, and hold the digests against what was sent."""

        def sealed() -> Detail | None:
            told = self.sender.own_tip(self.receipt_code)
            states = [file["state"] for file in told["files"]]
            if "broken" in states:
                raise StepFailed(f"a file is not what was sent: {told['files']}")
            return told if len(states) == len(self.media) and set(states) == {"sealed"} else None

        told = wait_for("seal on every file", sealed, within_s=SEALED_WITHIN_S)
        expected = sorted(medium.sha256() for medium in self.media)
        if sorted(file["sha256"] for file in told["files"]) != expected:
            raise StepFailed(f"the digests of the files are not those of what was sent: {told['files']}")
        files = [{"role": file["role"], "state": file["state"], "sha256": file["sha256"]} for file in told["files"]]
        return {"status": told["status"], "files": files}
