"""The tab of documents over HTTP: empty, preview, refusal, a paper made, drawn and saved; and not through /media."""

from __future__ import annotations

from tests import make
from tests.platform import Platform, as_role
from tests.tipline.staff import LATER, desk_of
from tipline.accounts.tables import OfficerRole
from tipline.cases.documents.tables import CaseDocument
from tipline.settings import Role
from workers.documents import make_document
from workers.doors import open_doors


async def test_a_paper_is_previewed_made_drawn_and_saved(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    at = f"/cases/{case.id}/documents"
    typed = {
        "kind": "assistance_request",
        "recipients": "茌平大队",
        "basic_facts": "<b>货车</b>逃逸",
        "flight_direction": "向东",
        "asked_for": "扣留",
        "contact": "张警官",
    }

    async with desk_of(lawful, officer) as desk:
        empty = await desk.get(at)
        forms = [
            await desk.get(f"{at}/new?kind={kind}")
            for kind in ("assistance_withdrawal", "evidence_list", "case_report", "rights_notice", "assistance_request")
        ]
        shown = await desk.post(at, typed | {"deed": "preview"})
        refused = await desk.post(at, typed)
        made = await desk.post(at, typed | {"official_number": "演示协字〔2021〕1号"})
        waiting = await desk.get(at)
    as_role(lawful, Role.OWNER)
    [row] = await CaseDocument.objects()
    async with desk_of(lawful, officer) as desk:
        early = await desk.get(f"{at}/{row.id}/pdf")
        again = await desk.post(f"{at}/{row.id}/again")
    as_role(lawful, Role.WORKER)
    open_doors(lawful.settings, now=lambda: LATER)
    await make_document(str(row.id))
    as_role(lawful, Role.OWNER)
    stranger = await make.officer(role=OfficerRole.INTAKE_OFFICER)
    async with desk_of(lawful, officer) as desk:
        ready = await desk.get(at)
        saved = await desk.get(f"{at}/{row.id}/pdf")
        around = await desk.get(f"/media/{row.id}")
        begun = await desk.get(f"{at}/new?kind=assistance_request")
    as_role(lawful, Role.OWNER)
    async with desk_of(lawful, stranger) as desk:
        refusal = await desk.get(f"{at}/{row.id}/pdf")

    assert "尚未制作文书" in empty.text
    assert [form.status_code for form in forms] == [200] * 5
    assert "&lt;b&gt;货车&lt;/b&gt;逃逸" in shown.text
    assert "第四十四条第一款" in shown.text
    assert refused.status_code == 422
    assert "请填写正式文书编号" in refused.text
    assert made.status_code == 303
    assert "制作中" in waiting.text
    assert (early.status_code, again.status_code, around.status_code) == (404, 409, 404)
    assert refusal.status_code in {403, 404}
    assert "现行版本" in ready.text
    assert "茌平大队" in begun.text
    assert saved.headers["content-type"] == "application/pdf"
    assert saved.headers["content-disposition"] == 'attachment; filename="assistance-request-1.pdf"'
    assert saved.content.startswith(b"%PDF-1.7")
