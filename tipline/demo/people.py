"""Invented people: every officer is called 演示, every person of a case bears a name that ends in 演."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tipline.accounts.tables import Officer, OfficerRole, Unit
from tipline.demo.chance import Chance
from tipline.demo.geography import ACCIDENT_SECTION, BRIGADE, COMMAND_CENTRE, EAST, NORTH, TOWN, WEST

SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢"
GIVEN: Final = "晨波川东丰刚海浩江杰凯亮明宁鹏强荣山涛伟文祥旭阳勇远泽志中宗"
# Accounts begin with the county's first year in the demo.
SERVING_SINCE: Final = datetime(2015, 1, 1, tzinfo=UTC)
# What stands in place of a password digest where nobody may sign in.
NO_PASSWORD: Final = "!"  # noqa: S105  it is the absence of a password


@dataclass(frozen=True, slots=True)
class Post:
    """One officer's post; `username` is empty where the officer never signs in."""

    role: OfficerRole
    unit: str
    username: str = ""


POSTS: Final = (
    Post(OfficerRole.INTAKE_OFFICER, COMMAND_CENTRE, "intake"),
    Post(OfficerRole.INVESTIGATOR, ACCIDENT_SECTION, "investigator"),
    Post(OfficerRole.LEGAL_REVIEWER, BRIGADE, "legal"),
    Post(OfficerRole.COMMANDER, BRIGADE, "commander"),
    Post(OfficerRole.AUDITOR, BRIGADE, "auditor"),
    Post(OfficerRole.ADMINISTRATOR, BRIGADE, "administrator"),
    Post(OfficerRole.INVESTIGATOR, ACCIDENT_SECTION),
    Post(OfficerRole.INVESTIGATOR, ACCIDENT_SECTION),
    Post(OfficerRole.INVESTIGATOR, TOWN),
    Post(OfficerRole.INVESTIGATOR, TOWN),
    Post(OfficerRole.INVESTIGATOR, NORTH),
    Post(OfficerRole.INVESTIGATOR, WEST),
    Post(OfficerRole.INVESTIGATOR, EAST),
    Post(OfficerRole.INTAKE_OFFICER, COMMAND_CENTRE),
    Post(OfficerRole.COMMANDER, BRIGADE),
)


def officers(chance: Chance, units: list[Unit]) -> list[Officer]:
    """Return the officers, the first six able to sign in once a password is set (one for each role)."""
    by_name = {unit.name: unit.id for unit in units}
    return [
        Officer(
            id=chance.uuid(),
            badge_number=f"YS{number:05d}",
            username=post.username or f"demo{number:02d}",
            full_name=f"{SURNAMES[number - 1]}演示",
            role=post.role,
            unit=by_name[post.unit],
            password_hash=NO_PASSWORD,
            is_active=True,
            is_demo=True,
            created_at=SERVING_SINCE,
        )
        for number, post in enumerate(POSTS, start=1)
    ]


class Names:
    """Hands out invented names of persons; no name twice."""

    def __init__(self, chance: Chance) -> None:
        self._left = chance.shuffled([f"{surname}{given}演" for surname in SURNAMES for given in GIVEN])

    def next(self) -> str:
        """Return a name nobody has yet."""
        return self._left.pop()
