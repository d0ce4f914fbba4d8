"""Rows for tests: readable, fixed defaults, one function a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

from evidence.tables import EvidenceItem, ItemState
from tipline.accounts.tables import Officer, OfficerRole, Unit, UnitKind
from tipline.cases.tables import (
    Case,
    CaseState,
    Clearance,
    Link,
    LinkSuggestion,
    Person,
    PersonRole,
    PersonState,
    Severity,
    SuggestionState,
    Vehicle,
    VehicleState,
)
from tipline.intake.tables import (
    Datum,
    ExaminationState,
    FileDecision,
    FileRole,
    Hint,
    HintKind,
    Receipt,
    Tip,
    TipChannel,
    TipFile,
    TipState,
    VehicleColour,
    VehicleType,
)
from tipline.sightings.tables import Camera

NOON = datetime(2021, 6, 1, 4, 0, tzinfo=UTC)
_serial = count(1)


@dataclass(frozen=True, slots=True)
class Reads:
    """An officer as far as access to cases goes, without a row."""

    role: str
    id: UUID
    unit: UUID


READS_EVERY_CASE = Reads(OfficerRole.COMMANDER, UUID(int=1), UUID(int=2))


async def unit(name: str | None = None, *, kind: UnitKind = UnitKind.ACCIDENT_SECTION) -> Unit:
    """Make a unit of the one brigade; its accident sections read every case, a squadron only its own."""
    above = None if kind == UnitKind.BRIGADE else await brigade()
    row = Unit(
        id=uuid4(),
        name=name or f"事故科{next(_serial)}",
        kind=kind,
        parent=above and above.id,
        closed_at=None,
        is_demo=False,
    )
    await row.save()
    return row


async def brigade() -> Unit:
    """Find or make the brigade of this test's database."""
    found = await Unit.objects().where(Unit.kind == UnitKind.BRIGADE).first()
    return found or await unit("测试交警大队", kind=UnitKind.BRIGADE)


async def officer(
    username: str | None = None, *, role: OfficerRole = OfficerRole.INVESTIGATOR, in_unit: Unit | None = None
) -> Officer:
    serial = next(_serial)
    row = Officer(
        id=uuid4(),
        badge_number=f"15{serial:05d}",
        username=username or f"officer{serial}",
        full_name=f"测试民警{serial}",
        role=role,
        unit=(in_unit or await unit()).id,
        password_hash="!",
        is_active=True,
        is_demo=False,
        created_at=NOON,
    )
    await row.save()
    return row


async def receipt() -> Receipt:
    serial = next(_serial)
    row = Receipt(
        id=uuid4(),
        locator=f"{serial % 10_000:04d}",
        salt=serial.to_bytes(16, "big"),
        verifier=serial.to_bytes(32, "big"),
        request_sha256=f"{serial:064x}",
        created_at=NOON,
    )
    await row.save()
    return row


async def tip(story: str = "一辆白色轻型货车撞人后向东逃逸", *, received_at: datetime = NOON) -> Tip:
    row = Tip(
        id=uuid4(),
        receipt=(await receipt()).id,
        alias="青松 明月",
        channel=TipChannel.WEB,
        language="zh-CN",
        story=story,
        happened_from=None,
        happened_to=None,
        place_text="",
        latitude=None,
        longitude=None,
        datum=None,
        plate_text="",
        vehicle_type=VehicleType.UNCLEAR,
        vehicle_colour=VehicleColour.UNCLEAR,
        damage="",
        direction="",
        is_here_now=False,
        received_at=received_at,
        first_seen_at=None,
        state=TipState.RECEIVED,
        decided_by=None,
        decided_at=None,
        decline_reason=None,
        duplicate_of=None,
        assigned_to=None,
        surfaced_at=None,
        is_demo=False,
    )
    await row.save()
    return row


async def item(
    deposit: UUID | None = None,
    *,
    state: ItemState = ItemState.SEALED,
    media_type: str = "image/jpeg",
    sha256: str | None = None,
) -> EvidenceItem:
    serial = next(_serial)
    row = EvidenceItem(
        id=uuid4(),
        deposit=deposit or uuid4(),
        parent=None,
        label="",
        object_key=f"test/{serial}",
        media_type=media_type,
        size_bytes=1,
        sha256=(sha256 or f"{serial:064x}") if state == ItemState.SEALED else None,
        sm3=f"{serial:064x}" if state == ItemState.SEALED else None,
        state=state,
        received_at=NOON,
        sealed_at=NOON if state == ItemState.SEALED else None,
    )
    await row.save()
    return row


async def case(
    number: str | None = None,
    *,
    severity: Severity = Severity.SERIOUS_INJURY,
    lead: Officer | None = None,
    happened_at: datetime = NOON,
) -> Case:
    lead = lead or await officer()
    row = Case(
        id=uuid4(),
        number=number or f"高公交逃字〔2021〕第{next(_serial):04d}号",
        severity=severity,
        happened_from=happened_at,
        happened_to=happened_at,
        place_text="高唐县人和路与金城路口",
        latitude=None,
        longitude=None,
        datum=None,
        summary="",
        unit=lead.unit,
        lead_officer=lead.id,
        recorded_at=happened_at,
        state=CaseState.OPEN,
        merged_into=None,
        is_demo=False,
    )
    await row.save()
    return row


async def vehicle(
    of: Case,
    *,
    plate_text: str = "鲁P39K51",
    vehicle_type: VehicleType = VehicleType.VAN,
    vehicle_colour: VehicleColour = VehicleColour.WHITE,
    features: str = "",
    state: VehicleState = VehicleState.DESCRIBED,
    at: datetime = NOON,
) -> Vehicle:
    row = Vehicle(
        id=uuid4(),
        case=of.id,
        plate_text=plate_text,
        vehicle_type=vehicle_type,
        vehicle_colour=vehicle_colour,
        features=features,
        state=state,
        identified_at=None if state == VehicleState.DESCRIBED else at,
        seized_at=at if state == VehicleState.SEIZED else None,
    )
    await row.save()
    return row


async def person(
    of: Case,
    full_name: str = "测试驾驶人",
    *,
    role: PersonRole = PersonRole.DRIVER,
    state: PersonState = PersonState.IDENTIFIED,
    at: datetime = NOON,
) -> Person:
    row = Person(
        id=uuid4(),
        case=of.id,
        full_name=full_name,
        role=role,
        state=state,
        identified_at=at,
        in_hand_at=at if state == PersonState.IN_HAND else None,
    )
    await row.save()
    return row


async def suggestion(
    tip: Tip, case: Case, *, match_weight: float = 9.5, state: SuggestionState = SuggestionState.PROPOSED
) -> LinkSuggestion:
    row = LinkSuggestion(
        id=uuid4(),
        tip=tip.id,
        case=case.id,
        match_weight=match_weight,
        reasons="[]",
        model="bits-test",
        state=state,
        created_at=NOON,
        decided_by=None,
        decided_at=None,
    )
    await row.save()
    return row


async def tip_file(
    of: Tip,
    item: EvidenceItem,
    *,
    role: FileRole = FileRole.PHOTO,
    position: int = 1,
    examination: ExaminationState = ExaminationState.WAITING,
    problem: str = "",
) -> TipFile:
    row = TipFile(
        id=uuid4(),
        tip=of.id,
        item=item.id,
        role=role,
        position=position,
        request_sha256=None,
        file_name="IMG_0001.jpg",
        examination=examination,
        problem=problem,
        facts="{}",
        decision=FileDecision.UNDECIDED,
        decline_reason=None,
        decided_by=None,
        decided_at=None,
    )
    await row.save()
    return row


async def derived(parent: EvidenceItem, label: str = "frame:00000000") -> EvidenceItem:
    serial = next(_serial)
    row = EvidenceItem(
        id=uuid4(),
        deposit=parent.deposit,
        parent=parent.id,
        label=label,
        object_key=f"test/{serial}",
        media_type="image/jpeg",
        size_bytes=1,
        sha256=f"{serial:064x}",
        sm3=f"{serial:064x}",
        state=ItemState.SEALED,
        received_at=NOON,
        sealed_at=NOON,
    )
    await row.save()
    return row


async def hint(
    of: TipFile,
    frame: EvidenceItem,
    value: str = "鲁P39K51",
    *,
    kind: HintKind = HintKind.PLATE,
    box: str | None = "[0.25, 0.5, 0.2, 0.1]",
) -> Hint:
    row = Hint(
        id=uuid4(),
        tip_file=of.id,
        frame=frame.id,
        at_s=None,
        kind=kind,
        value=value,
        confidence=0.875,
        box=box,
        reading="{}",
        model="reader-test",
        created_at=NOON,
    )
    await row.save()
    return row


async def link(tip: Tip, case: Case, *, by: Officer, is_useful: bool = False) -> Link:
    row = Link(
        id=uuid4(),
        tip=tip.id,
        case=case.id,
        suggestion=None,
        decided_by=by.id,
        decided_at=NOON,
        is_useful=is_useful,
    )
    await row.save()
    return row


async def clearance(of: Case, *, by: Officer, at: datetime = NOON) -> Clearance:
    found = await vehicle(of, state=VehicleState.SEIZED, at=at)
    driver = await person(of, state=PersonState.IN_HAND, at=at)
    row = Clearance(
        id=uuid4(),
        case=of.id,
        vehicle=found.id,
        driver=driver.id,
        cleared_at=at,
        approved_by=by.id,
        recorded_at=at,
        vehicle_ground=None,
        vehicle_reason="",
        revoked_at=None,
        revoked_by=None,
    )
    await row.save()
    await Case.update({Case.state: CaseState.CLEARED}).where(Case.id == of.id)
    return row


async def camera(code: str, *, latitude: float, longitude: float, datum: Datum = Datum.WGS84) -> Camera:
    row = Camera(
        id=uuid4(),
        code=code,
        place_text=f"卡口{code}",
        latitude=latitude,
        longitude=longitude,
        datum=datum,
        is_demo=False,
    )
    await row.save()
    return row
