"""Papers from asking to the sealed PDF: what stands in them, what must not, versions, and a job that may run twice."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from evidence.streams import once
from evidence.tables import CustodyAct, CustodyEntry, EvidenceItem, ItemState
from tests import make
from tests.make import NOON
from tests.platform import Platform, as_role
from tipline.accounts.audit.tables import AuditEntry
from tipline.accounts.tables import Officer
from tipline.cases.documents.errors import DocumentNotFailed, DocumentNotReady
from tipline.cases.documents.reads import documents_of
from tipline.cases.documents.rules import DocumentDraft
from tipline.cases.documents.service import give_out, make_again
from tipline.cases.documents.service import make as make_paper
from tipline.cases.documents.tables import CaseDocument, DocumentKind
from tipline.cases.measures.tables import PersonParticulars
from tipline.cases.screening.tables import (
    CandidateKind,
    CandidateSource,
    ScreeningCandidate,
    ScreeningState,
)
from tipline.cases.tables import Case, PersonRole
from tipline.errors import Invalid
from tipline.intake.desk.tables import TipEntry
from tipline.papers import glyphs
from tipline.papers.glyphs import FontMissing
from tipline.settings import Role
from tipline.work.tables import Job, Work
from workers import documents as job
from workers.doors import Doors, open_doors

HOSTILE = '#import "@preview/x:1.0.0" ] #read("/etc/passwd") $'


@pytest.fixture
async def opened(lawful: Platform) -> AsyncIterator[Doors]:
    """Give the doors of a worker, on an emptied database with the law."""
    yield open_doors(lawful.settings, now=lambda: NOON)
    as_role(lawful, Role.OWNER)


def report(**fields: str) -> DocumentDraft:
    return DocumentDraft(kind=DocumentKind.CASE_REPORT, fields=fields, has_no_number=True)


def request() -> DocumentDraft:
    fields = {
        "recipients": "茌平、禹城交警大队",
        "basic_facts": f"白色轻型货车撞人后逃逸 {HOSTILE}",
        "flight_direction": "沿金城路向东",
        "asked_for": "发现即扣留",
        "contact": "张警官 0635-0000000",
    }
    return DocumentDraft(kind=DocumentKind.ASSISTANCE_REQUEST, fields=fields, official_number="演示协字〔2021〕1号")


async def drawn(opened: Doors, platform: Platform, case: Case, draft: DocumentDraft, by: Officer) -> str:
    """Make a paper as an officer, draw it as a worker, and return its text without blanks."""
    as_role(platform, Role.STAFF)
    made = await make_paper(case.id, draft, by=by.id, now=NOON)
    as_role(platform, Role.WORKER)
    await job.make_document(str(made))
    pdf = b"".join([block async for block in opened.custody.open(made)])
    as_role(platform, Role.OWNER)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


async def test_a_request_for_assistance_is_sealed_once_with_its_number_mark_and_basis(
    opened: Doors, lawful: Platform
) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    await make.vehicle(case, plate_text="鲁P?39K5")

    text = await drawn(opened, lawful, case, request(), officer)
    as_role(lawful, Role.WORKER)
    [row] = await CaseDocument.objects()
    await job.make_document(str(row.id))  # the job may run twice

    as_role(lawful, Role.OWNER)
    [item] = await EvidenceItem.objects()
    [entry] = await CustodyEntry.objects()
    said = json.loads(entry.record)
    assert (item.id, item.deposit, item.state) == (row.id, case.id, ItemState.SEALED)
    assert (entry.act, said["detail"]["facts"]["sheet_sha256"]) == (CustodyAct.MADE, row.sheet_sha256)
    assert said["detail"]["facts"]["asked_by"] == officer.badge_number
    assert (await documents_of(case.id))[0]["status"] == "standing"
    for words in (
        "演示协字〔2021〕1号",
        "鲁P?39K5",
        "第四十四条第一款",
        "第六条第一款",
        "内部资料",
        f"{officer.full_name}",
        "第1页/共",
        '#import"@preview/x:1.0.0"]#read("/etc/passwd")$',
    ):
        assert words in text


async def test_givers_appear_by_alias_the_young_masked_and_what_is_excluded_not_at_all(
    opened: Doors, lawful: Platform
) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    await make.vehicle(case, plate_text="鲁P11111")
    await make.vehicle(case, plate_text="鲁P22222")
    child = await make.person(case, "赵小童", role=PersonRole.VICTIM)
    excluded = await make.person(case, "钱无辜")
    await PersonParticulars(
        id=uuid4(),
        person=child.id,
        identity=None,
        born_on=None,
        age_at_act=12,
        is_nursing=False,
        is_gravely_ill=False,
        note="",
        recorded_by=officer.id,
        recorded_at=NOON,
    ).save()
    for candidate in (
        {"kind": CandidateKind.VEHICLE, "plate_text": "鲁P22222", "full_name": "", "person": None},
        {"kind": CandidateKind.PERSON, "plate_text": "", "full_name": "钱无辜", "person": excluded.id},
    ):
        await ScreeningCandidate(
            id=uuid4(),
            case=case.id,
            source=CandidateSource.OFFICER,
            state=ScreeningState.EXCLUDED,
            steps=1,
            added_at=NOON,
            **candidate,
        ).save()
    tip = await make.tip("我是孙告密，住金城路8号")
    await TipEntry(
        id=uuid4(), tip=tip.id, entered_by=officer.id, told_at=NOON, wants_secrecy=True, entered_at=NOON
    ).save()
    received = await opened.custody.receive(once(b"picture"), limit_bytes=7)
    sealed = await opened.custody.register(received, deposit=tip.id, media_type="image/jpeg", now=NOON)
    await opened.custody.seal(sealed, actor="worker:seal_item", now=NOON)
    item = await EvidenceItem.objects().get(EvidenceItem.id == sealed)
    assert item is not None
    file = await make.tip_file(tip, item)
    for plate in ("鲁P33333", "鲁P22222"):
        await make.hint(file, item, plate)
    await make.link(tip, case, by=officer)

    told = await drawn(opened, lawful, case, report(assessment="赵小童被撞倒"), officer)
    listed = await drawn(
        opened,
        lawful,
        case,
        DocumentDraft(kind=DocumentKind.EVIDENCE_LIST, fields={"purpose": "移送"}, has_no_number=True),
        officer,
    )

    assert tip.alias.replace(" ", "") in told
    assert "提供人要求保密" in told
    assert "未成年人（姓名隐去）被撞倒" in told
    assert "鲁P11111" in told
    assert "鲁P33333" in told
    assert "提示，非结论" in told
    assert item.sha256 is not None
    assert item.sm3 is not None
    assert item.sha256 in listed
    assert item.sm3 in listed
    for canary in ("赵小童", "钱无辜", "鲁P22222", "孙告密", "金城路8号", file.file_name):
        assert canary not in told + listed


async def test_a_newer_version_supersedes_and_a_withdrawal_goes_to_whom_the_request_went(
    opened: Doors, lawful: Platform
) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    withdrawal = DocumentDraft(
        kind=DocumentKind.ASSISTANCE_WITHDRAWAL, fields={"reason": "已查获", "contact": "张"}, has_no_number=True
    )

    as_role(lawful, Role.STAFF)
    with pytest.raises(Invalid, match="nothing_to_withdraw"):
        await make_paper(case.id, withdrawal, by=officer.id, now=NOON)
    await drawn(opened, lawful, case, request(), officer)
    second = await drawn(opened, lawful, case, request(), officer)
    taken_back = await drawn(opened, lawful, case, withdrawal, officer)

    rows = {(row["kind"], row["version"]): row for row in await documents_of(case.id)}
    assert "第2版" in second
    assert "茌平、禹城交警大队" in taken_back
    assert "演示协字〔2021〕1号" in taken_back
    assert rows["assistance_request", 1]["status"] == "superseded"
    assert rows["assistance_request", 1]["standing"] == 2
    assert rows["assistance_request", 2]["status"] == "standing"


async def test_every_saving_is_entered_and_only_a_finished_paper_is_saved(opened: Doors, lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    as_role(lawful, Role.STAFF)
    made = await make_paper(case.id, report(), by=officer.id, now=NOON)

    async def save() -> UUID:
        found = await give_out(
            case.id, made, by=officer.id, badge_number=officer.badge_number, custody=opened.custody, now=NOON
        )
        return found.id

    with pytest.raises(DocumentNotReady):
        await save()
    as_role(lawful, Role.WORKER)
    await job.make_document(str(made))
    as_role(lawful, Role.STAFF)
    await save()
    await save()

    as_role(lawful, Role.OWNER)
    assert await AuditEntry.count().where(AuditEntry.act == "exported") == 2
    assert await CustodyEntry.count().where(CustodyEntry.act == CustodyAct.VIEWED) == 2


async def test_what_cannot_be_drawn_is_told_and_asked_for_again_and_a_missing_font_is_tried_later(
    opened: Doors, lawful: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    as_role(lawful, Role.STAFF)
    made = await make_paper(case.id, report(), by=officer.id, now=NOON)
    with pytest.raises(DocumentNotFailed):
        await make_again(case.id, made, now=NOON)
    as_role(lawful, Role.OWNER)
    sheet = (await CaseDocument.select(CaseDocument.sheet).where(CaseDocument.id == made))[0]["sheet"]
    await CaseDocument.update({CaseDocument.sheet: "{}"}, force=True)

    as_role(lawful, Role.WORKER)
    await job.make_document(str(made))
    refused = (await documents_of(case.id))[0]
    as_role(lawful, Role.STAFF)
    await make_again(case.id, made, now=NOON + timedelta(minutes=1))
    as_role(lawful, Role.OWNER)
    await CaseDocument.update({CaseDocument.sheet: sheet}, force=True)
    as_role(lawful, Role.WORKER)
    with monkeypatch.context() as patch:
        patch.setattr(glyphs, "FONT", glyphs.FONT.with_name("none.ttf"))
        with pytest.raises(FontMissing):
            await job.make_document(str(made))
    await job.make_document(str(made))

    assert (refused["status"], refused["problem"]) == ("refused", "not_drawable")
    assert (await documents_of(case.id))[0]["status"] == "standing"
    as_role(lawful, Role.OWNER)
    assert await Work.count().where(Work.job == Job.MAKE_DOCUMENT) == 1
