"""Who may decide what, told from the name of a body. Pure; the rows of law say which kind a measure needs."""

from __future__ import annotations

import re
from typing import Final

from tipline.cases.rules import is_county_bureau
from tipline.cases.tables import OutcomeKind

_BRACKETED: Final = re.compile(r"[(（【\[〔].*?[)）】\]〕]")
_JUDICIAL: Final = re.compile(r"人民(?:检察院|法院)$|procuratorate|court", re.IGNORECASE)
_TRAFFIC: Final = re.compile(
    r"(?:交通警察|交警|交通管理|高速公路).*(?:总队|支队|大队|局)$|traffic.*(?:brigade|detachment|corps|department)",
    re.IGNORECASE,
)
_MUNICIPAL_TRAFFIC: Final = re.compile(
    r"市.*(?:交通警察|交警|交通管理).*(?:支队|总队|局)$|city.*traffic.*(?:detachment|corps)|traffic.*detachment",
    re.IGNORECASE,
)
_BELOW: Final = re.compile(r"大队|中队|派出所|brigade|squadron|police station", re.IGNORECASE)


def may_decide(kind: OutcomeKind, authority: str) -> bool:
    """Tell by its name whether a body may decide a measure of this kind.

    An arrest is approved by a procuratorate or ordered by a court; a licence is revoked by the traffic department of
    a city with districts; a fine, a suspension or no penalty is a matter of a traffic department of county level or
    above, or of the bureau; everything else is the county bureau's.
    """
    name = _BRACKETED.sub("", authority).strip()
    if kind == OutcomeKind.ARREST:
        return bool(_JUDICIAL.search(name))
    if kind in {OutcomeKind.LICENCE_REVOCATION, OutcomeKind.LIFETIME_BAN}:
        return bool(_MUNICIPAL_TRAFFIC.search(name)) and not _BELOW.search(name)
    if kind in {OutcomeKind.FINE, OutcomeKind.LICENCE_SUSPENSION, OutcomeKind.NO_PENALTY}:
        return bool(_TRAFFIC.search(name)) or is_county_bureau(authority)
    return is_county_bureau(authority)
