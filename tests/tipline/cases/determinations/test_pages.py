"""The register over HTTP: an application, the document with its shares, service, review and an inquiry."""

from __future__ import annotations

import re

from tests import make
from tests.platform import Platform
from tests.tipline.staff import desk_of
from tipline.accounts.tables import OfficerRole
from tipline.cases.determinations.tables import Determination
from tipline.cases.tables import PersonRole


async def test_the_register_is_kept_from_application_to_review_and_inquiry(lawful: Platform) -> None:
    officer = await make.officer()
    case = await make.case(lead=officer)
    victim = await make.person(case, "王演", role=PersonRole.VICTIM)
    at = f"/cases/{case.id}/determinations"
    document = {
        "kind": "unsolved_flight",
        "number": "演示认字〔2021〕1号",
        "authority": "高唐县公安局交通警察大队（演示）",
        "made_at": "2021-06-01T13:30",
        "content": "时间、地点、受害人情况及调查得到的事实",
        "party-unknown": "1",
        "described_as": "逃逸车辆驾驶人",
        "responsibility-unknown": "full",
        "basis-unknown": "flight",
        f"party-{victim.id}": "1",
    }
    share = {f"responsibility-{victim.id}": "none", f"basis-{victim.id}": "fault"}
    service = {"method": "direct", "served_at": "2021-06-01T13:40", "received_by": "王演", "tells_review": "1"}

    async with desk_of(lawful, officer) as desk:
        empty = await desk.get(at)
        applied = await desk.post(
            f"{at}/applications", {"applicant": str(victim.id), "received_at": "2021-06-01T13:00"}
        )
        form = await desk.get(f"{at}/new")
        chosen = re.search(r'<option value="([0-9a-f-]{36})"', form.text)
        assert chosen
        no_share = await desk.post(at, document | {"application": chosen[1]})
        registered = await desk.post(at, document | share | {"application": chosen[1]})
        shown = await desk.get(at)
        to_serve = re.search(rf'href="({at}/parties/[0-9a-f-]+)/service"', shown.text)
        assert to_serve
        half = await desk.post(f"{to_serve[1]}/service", service)
        served = await desk.post(f"{to_serve[1]}/service", service | {"tells_mediation": "1", "tells_litigation": "1"})
        again = await desk.post(f"{to_serve[1]}/service", service | {"tells_mediation": "1", "tells_litigation": "1"})
        asked = await desk.post(
            f"{at}/inquiries",
            {"asked_by": "王演", "relation": "victim", "asked_at": "2021-06-01T13:45", "question": "有进展吗？"},
        )
        request = {"channel": "superior", "requested_at": "2021-06-01T13:50", "reasons": "对责任有异议"}
        reviewed = await desk.post(f"{to_serve[1]}/review", request)
        whole = await desk.get(at)
        review = re.search(rf'href="({at}/reviews/[0-9a-f-]+)"', whole.text)
        inquiry = re.search(rf'href="({at}/inquiries/[0-9a-f-]{{36}})"', whole.text)
        assert review
        assert inquiry
        forms = [
            await desk.get(address)
            for address in (review[1], inquiry[1], f"{at}/inquiries/new", f"{at}/disclosures/new", f"{at}/new")
        ]
        answered = await desk.post(inquiry[1], {"answered_at": "2021-06-01T13:55", "answer": "正在侦办"})
        twice = await desk.post(inquiry[1], {"answered_at": "2021-06-01T13:55", "answer": "正在侦办"})

    assert "尚未登记文书" in empty.text
    assert [answer.status_code for answer in (applied, registered, served, asked, reviewed, answered)] == [303] * 6
    assert no_share.status_code == 422
    assert "第六十条" in no_share.text
    assert "逃逸车辆驾驶人" in no_share.text
    assert half.status_code == 422
    assert "第六十五条第一款" in half.text
    assert [again.status_code, twice.status_code] == [409, 409]
    assert officer.full_name in again.text
    assert "因逃逸推定的责任不能据以认定犯罪" in shown.text
    assert [form.status_code for form in forms] == [200] * 5
    assert await Determination.count() == 1


async def test_a_reader_sees_the_register_without_any_deed(lawful: Platform) -> None:
    reader = await make.officer(role=OfficerRole.AUDITOR)
    case = await make.case()

    async with desk_of(lawful, reader) as desk:
        page = await desk.get(f"/cases/{case.id}/determinations")
        deed = await desk.get(f"/cases/{case.id}/determinations/new")

    assert page.status_code == 200
    assert "/determinations/new" not in page.text
    assert deed.status_code == 403
