"""What each paper says, as a sheet: pure, from the case's material and what the officer typed. Papers are Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tipline.cases.documents.chinese import at, called
from tipline.cases.documents.material import Material
from tipline.cases.documents.registers import (
    evidence_grid,
    hints_grid,
    measures_grid,
    screening_facts,
    steps_grid,
    tips_grid,
    vehicles_grid,
)
from tipline.cases.documents.rules import concealed
from tipline.cases.documents.subjects import SERVICE
from tipline.cases.documents.tables import DocumentKind
from tipline.papers.sheet import Block, Facts, Grid, Sheet, Words

TITLES: Final[dict[DocumentKind, str]] = {
    DocumentKind.ASSISTANCE_REQUEST: "协查通报",
    DocumentKind.ASSISTANCE_WITHDRAWAL: "撤销协查通报",
    DocumentKind.EVIDENCE_LIST: "案件证据材料清单",
    DocumentKind.CASE_REPORT: "案件情况报告",
    DocumentKind.RIGHTS_NOTICE: "权利告知记录",
}
# Given to a person outside the police; everything else stays inside.
HANDED_OUT: Final = frozenset({DocumentKind.RIGHTS_NOTICE})
AUXILIARY: Final = (
    "本件为辅助文书，不代替受案回执、决定书、认定书等正式文书；"
    "正式文书由全国统一的交通管理信息系统等公安机关正式系统出具"
)
SIGNED_BY: Final[dict[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.ASSISTANCE_REQUEST: ("承办人", "审批人"),
    DocumentKind.ASSISTANCE_WITHDRAWAL: ("承办人", "审批人"),
    DocumentKind.EVIDENCE_LIST: ("制作人", "核对人", "接收人", "日期"),
    DocumentKind.CASE_REPORT: ("承办人", "审核人"),
    DocumentKind.RIGHTS_NOTICE: ("告知人", "被告知人", "在场人", "日期"),
}
BASES: Final[dict[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.ASSISTANCE_REQUEST: ("document_assistance_request",),
    DocumentKind.ASSISTANCE_WITHDRAWAL: ("document_assistance_withdrawal",),
    DocumentKind.EVIDENCE_LIST: ("document_evidence_list",),
    DocumentKind.CASE_REPORT: (),
    DocumentKind.RIGHTS_NOTICE: (),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """Who makes which version of a paper when, and under which number of the national system (empty: none yet)."""

    kind: DocumentKind
    version: int
    official_number: str
    fields: Mapping[str, str]
    by_name: str
    by_badge: str
    made_at: datetime


def sheet_of(making: Making, material: Material, *, subject: Mapping[str, Any], request: Mapping[str, Any]) -> Sheet:
    """Return the paper.

    Args:
        making: who makes which version of what.
        material: of the case, as it may stand on paper.
        subject: of a record of rights told, from `subjects_of`; else empty.
        request: of a withdrawal, the standing request: `recipients`, `official_number`, `made_at`; else empty.
    """
    fields = {name: concealed(text, material.names) for name, text in making.fields.items()}
    if making.kind == DocumentKind.ASSISTANCE_REQUEST:
        blocks = _request(fields, material)
    elif making.kind == DocumentKind.ASSISTANCE_WITHDRAWAL:
        blocks = _withdrawal(fields, material, request)
    elif making.kind == DocumentKind.EVIDENCE_LIST:
        blocks = _evidence_list(fields, material)
    elif making.kind == DocumentKind.CASE_REPORT:
        blocks = _report(fields, material)
    else:
        blocks = _rights(fields, material, subject)
    made = f"{making.by_name}（{making.by_badge}） {at(making.made_at)} 制作　第{making.version}版"
    reach = "辅助文书" if making.kind in HANDED_OUT else "内部资料 不得公开"
    return Sheet(
        title=TITLES[making.kind],
        issuer=material.case["unit_name"],
        lines=(
            f"正式文书编号：{making.official_number or '尚未生成'}",
            f"案件编号：{material.case['number']}　第{making.version}版",
        ),
        blocks=blocks,
        closing=_closing(making.kind, material, subject),
        signatures=SIGNED_BY[making.kind],
        mark=f"{reach}\n{making.by_name} {making.by_badge}\n{at(making.made_at)} 第{making.version}版",
        foot=f"{made}　{reach}",
    )


def _closing(kind: DocumentKind, material: Material, subject: Mapping[str, Any]) -> tuple[str, ...]:
    bases = BASES[kind]
    if kind == DocumentKind.RIGHTS_NOTICE:
        bases = ("document_rights_service",) if subject.get("what") == SERVICE else ("document_penalty_notice",)
    cited = [material.law[code] for code in bases if code in material.law]
    auxiliary = material.law.get("document_auxiliary", "")
    return (
        *((f"依据：{'；'.join(cited)}。",) if cited else ()),
        f"{AUXILIARY}{f'（{auxiliary}）' if auxiliary else ''}。",
        "排查对象、机器识读内容均为提示，非结论；线索提供人仅以代称出现。",
    )


def _case_facts(material: Material, heading: str) -> Facts:
    case = material.case
    begin, end = at(case["happened_from"]), at(case["happened_to"])
    return Facts(
        heading,
        (
            ("案件编号", case["number"]),
            ("发生时间", begin if begin == end else f"{begin} 至 {end}"),
            ("发生地点", concealed(case["place_text"], material.names)),
            ("后果", called("Severity", case["severity"])),
            ("受案时间", at(case["recorded_at"])),
            ("办案单位", case["unit_name"]),
            ("主办民警", f"{case['lead_name']}（{case['lead_badge']}）"),
        ),
    )


def _request(fields: Mapping[str, str], material: Material) -> tuple[Block, ...]:
    return (
        Facts("", (("主送单位", fields["recipients"]),)),
        _case_facts(material, "一、案件基本情况"),
        Words("二、基本事实", fields["basic_facts"]),
        vehicles_grid("三、逃逸车辆情况、特征", material),
        Words("四、逃逸方向", fields["flight_direction"]),
        Words("五、请求协查事项", fields["asked_for"]),
        Facts("六、联系方式", (("联系人、电话", fields["contact"]),)),
    )


def _withdrawal(fields: Mapping[str, str], material: Material, request: Mapping[str, Any]) -> tuple[Block, ...]:
    number = request.get("official_number", "")
    return (
        Facts(
            "",
            (
                ("主送单位", f"{concealed(request.get('recipients', ''), material.names)}\n（与原协查通报范围相同）"),
                ("原协查通报", f"{number or '编号尚未生成'}，{at(request.get('made_at'))} 制作"),
            ),
        ),
        _case_facts(material, "一、案件基本情况"),
        Words("二、撤销原因", fields["reason"]),
        Words("三、撤销事项", "现按原范围撤销上述协查通报，并请同步撤销布控。"),
        Facts("四、联系方式", (("联系人、电话", fields["contact"]),)),
    )


def _evidence_list(fields: Mapping[str, str], material: Material) -> tuple[Block, ...]:
    return (
        Facts(
            "", (("案件编号", material.case["number"]), ("用途", fields["purpose"]), ("件数", str(len(material.items))))
        ),
        evidence_grid("证据材料", material),
        Words(
            "", "完整性校验值由平台接收、封存时计算：SHA-256 与 SM3（GB/T 32905-2016）。可用通用工具对原件复算核对。"
        ),
    )


def _report(fields: Mapping[str, str], material: Material) -> tuple[Block, ...]:
    persons = Grid(
        "四、涉案人员",
        ("姓名", "身份", "状态"),
        (3, 2, 3),
        tuple(
            (
                person["shown"],
                called("PersonRole", person["role"]),
                called("PersonState", person["state"]) if person["role"] == "driver" else "",
            )
            for person in material.persons
        ),
        "尚无登记人员。",
    )
    summary = concealed(material.case["summary"], material.names)
    assessment = fields.get("assessment", "")
    return (
        _case_facts(material, "一、案件基本情况"),
        Words("二、简要案情", summary or "尚未录入。"),
        vehicles_grid("三、逃逸车辆", material),
        persons,
        steps_grid("五、办案程序与正式文书", material),
        measures_grid("六、措施", material),
        tips_grid("七、串并线索", material),
        screening_facts("八、排查情况", material),
        hints_grid("九、号牌识读（提示，非结论）", material),
        *((Words("十、承办意见", assessment),) if assessment else ()),
    )


def _rights(fields: Mapping[str, str], material: Material, subject: Mapping[str, Any]) -> tuple[Block, ...]:
    rows = [
        ("被告知人", subject.get("shown", "")),
        ("告知时间", at(subject.get("told_at"))),
        ("记录人", subject.get("recorded_by_name", "")),
    ]
    blocks: list[Block] = []
    if subject.get("what") == SERVICE:
        rows += [
            ("送达文书", f"{called('DeterminationKind', subject['kind'])} {subject['official_number']}"),
            ("送达方式", called("ServiceMethod", subject["method"])),
            ("签收人", subject["received_by"]),
        ]
        blocks.append(
            Grid("二、已告知的权利与期限", ("权利", "期限与依据"), (2, 7), _told(material, subject), "未记录告知事项。")
        )
    else:
        rows += [
            ("拟作出的处罚", called("OutcomeKind", subject.get("kind"))),
            ("听证", _hearing(subject)),
        ]
        said = concealed(subject.get("statement", ""), material.names)
        answer = concealed(subject.get("statement_answer", ""), material.names)
        blocks += [
            Words("二、陈述和申辩", said or "未提出陈述、申辩。"),
            *((Words("三、复核意见", answer),) if answer else ()),
        ]
    remark = fields.get("remark", "")
    return (
        _case_facts(material, ""),
        Facts("一、告知情况", tuple(rows)),
        *blocks,
        *((Words("备注", remark),) if remark else ()),
    )


def _told(material: Material, subject: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    rights = (
        ("tells_review", "申请复核", "review_request"),
        ("tells_mediation", "申请调解", "mediation_request"),
        ("tells_litigation", "提起民事诉讼", ""),
    )
    return tuple(
        (name, f"{material.law.get(f'{code}_words', '期限依照法律规定')}\n{material.law.get(code, '')}".strip())
        for flag, name, code in rights
        if subject.get(flag)
    )


def _hearing(subject: Mapping[str, Any]) -> str:
    if not subject.get("is_hearing_offered"):
        return "未告知听证权利"
    return "已告知，当事人要求听证" if subject.get("is_hearing_asked") else "已告知，当事人未要求听证"
