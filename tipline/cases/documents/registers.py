"""The tables of the papers: vehicles, evidence, steps, measures, tips, screening and hints, each from its rows."""

from __future__ import annotations

from typing import Any, Final

from tipline.cases.documents.chinese import at, called, size
from tipline.cases.documents.material import Material
from tipline.cases.documents.rules import concealed
from tipline.papers.sheet import Facts, Grid

# A digest of 64 characters stands in two halves under its name.
HALF: Final = 32
KEPT_BACK: Final = "（提供人要求保密）"


def vehicles_grid(heading: str, material: Material) -> Grid:
    """Return the fleeing vehicles as far as they are known; none that the screening excluded."""
    return Grid(
        heading,
        ("号牌（? 为不明位）", "车型", "颜色", "特征", "状态"),
        (3, 2, 2, 6, 2),
        tuple(
            (
                row["plate_text"] or "不详",
                called("VehicleType", row["vehicle_type"]),
                called("VehicleColour", row["vehicle_colour"]),
                concealed(row["features"], material.names),
                called("VehicleState", row["state"]),
            )
            for row in material.vehicles
        ),
        "车辆情况尚未查明。",
    )


def evidence_grid(heading: str, material: Material) -> Grid:
    """Return the sealed items of the case's tips with their digests; never the name a sender's device gave a file."""
    return Grid(
        heading,
        ("序号", "来源与名称", "格式、大小", "接收、封存时间", "完整性校验值"),
        (2, 6, 5, 6, 11),
        tuple((str(number), *_item(row)) for number, row in enumerate(material.items, start=1)),
        "本案尚无已封存的证据材料。",
    )


def _item(row: dict[str, Any]) -> tuple[str, str, str, str]:
    made = f"\n派生件：{called('DerivationKind', row['kind'])}" if row["kind"] else ""
    name = f"线索“{row['alias']}” 第{row['position']}件 {called('FileRole', row['role'])}{made}"
    return (
        f"{name}\n{called('FileDecision', row['decision'])}",
        f"{row['media_type']}\n{size(row['size_bytes'])}",
        f"{at(row['received_at'])}\n{at(row['sealed_at'])}",
        f"SHA-256\n{_halves(row['sha256'])}\nSM3\n{_halves(row['sm3'])}",
    )


def _halves(digest: str) -> str:
    return f"{digest[:HALF]}\n{digest[HALF:]}"


def steps_grid(heading: str, material: Material) -> Grid:
    """Return the official steps and documents, each by the number of the system that issued it."""
    steps = [
        (called("ProcedureKind", row["kind"]), row["document_number"], row["authority"], at(row["decided_at"]))
        for row in material.steps
    ]
    register = [
        (
            called("DeterminationKind", row["kind"]) + ("（已被取代）" if row["is_replaced"] else ""),
            row["number"],
            row["authority"],
            at(row["made_at"]),
        )
        for row in material.determinations
    ]
    return Grid(
        heading, ("事项", "正式文书编号", "机关", "时间"), (3, 4, 4, 3), (*steps, *register), "尚无登记的程序与文书。"
    )


def measures_grid(heading: str, material: Material) -> Grid:
    """Return the measures that were approved, and how far each is."""
    return Grid(
        heading,
        ("措施", "人员", "决定文书编号", "决定机关", "阶段与时间"),
        (3, 3, 4, 4, 4),
        tuple(
            (
                called("OutcomeKind", row["kind"]),
                row["shown"],
                row["document_number"] or "",
                row["authority"],
                f"{called('OutcomeStage', row['stage'])}\n{at(row['ended_at'] or row['executed_at'])}".strip(),
            )
            for row in material.measures
        ),
        "尚无已批准的措施。",
    )


def tips_grid(heading: str, material: Material) -> Grid:
    """Return the linked tips by alias alone; of one whose giver asked for secrecy neither channel nor time."""
    return Grid(
        heading,
        ("线索代称", "渠道", "接收时间", "对侦破有用"),
        (4, 3, 4, 2),
        tuple(
            (
                row["alias"],
                KEPT_BACK if row["wants_secrecy"] else called("TipChannel", row["channel"]),
                "" if row["wants_secrecy"] else at(row["received_at"]),
                "是" if row["is_useful"] else "",
            )
            for row in material.tips
        ),
        "尚无串并的线索。",
    )


def screening_facts(heading: str, material: Material) -> Facts:
    """Return how many candidates stand where, without naming one: leads, whatever their state."""
    rows = tuple((called("ScreeningState", state), f"{count} 个") for state, count in material.screening.items())
    return Facts(heading, rows or (("排查对象", "尚无"),))


def hints_grid(heading: str, material: Material) -> Grid:
    """Return the plates read by machine, as hints with their confidence; none that the screening excluded."""
    return Grid(
        heading,
        ("识读号牌", "置信度", "来源线索", "说明"),
        (3, 2, 5, 3),
        tuple(
            (
                row["value"],
                f"{row['confidence']:.0%}",
                row["aliases"],
                "提示，非结论" + ("（人工更正）" if row["is_corrected"] else ""),
            )
            for row in material.hints
        ),
        "无机器识读结果。",
    )
