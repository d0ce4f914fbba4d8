"""The audit: what its values are called (tipline/web/words_of_rooms.py gathers them)."""

from __future__ import annotations

from typing import Final

from tipline.web.locale import lazy as _

LABELS: Final[dict[str, dict[str, str]]] = {
    "AuditAct": {
        "viewed": _("Viewed"),
        "exported": _("Exported"),
        "created": _("Created"),
        "changed": _("Changed"),
        "disabled": _("Disabled"),
        "enabled": _("Enabled"),
        "reset": _("Reset"),
        "revoked": _("Signed out by force"),
        "enrolled": _("Second factor set up"),
        "removed": _("Second factor removed"),
        "assigned": _("Put on the case"),
        "released": _("Taken off the case"),
    },
    "AuditSubject": {
        "tip": _("Tip"),
        "identity": _("Identity of a tipster"),
        "medium": _("Photo or video"),
        "case": _("Case"),
        "person": _("Person"),
        "officer": _("Account of an officer"),
        "unit": _("Unit of the police"),
        "audit": _("Audit entries"),
        "relief": _("Relief matter"),
        "search": _("Search"),
    },
}
