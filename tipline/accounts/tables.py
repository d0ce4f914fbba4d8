"""Rows of officers, units, staff sessions and failed sign-ins."""

from enum import StrEnum

from piccolo.columns import UUID, Boolean, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table


class OfficerRole(StrEnum):
    """What an officer is here to do."""

    INTAKE_OFFICER = "intake_officer"
    INVESTIGATOR = "investigator"
    LEGAL_REVIEWER = "legal_reviewer"
    COMMANDER = "commander"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class UnitKind(StrEnum):
    """What a unit does."""

    BRIGADE = "brigade"
    ACCIDENT_SECTION = "accident_section"
    SQUADRON = "squadron"
    COMMAND_CENTRE = "command_centre"


class Unit(Table, tablename="unit"):
    """单位: a part of the traffic police."""

    id = UUID(primary_key=True, default=UUID4())
    name = Varchar(length=80, unique=True)
    kind = Varchar(length=24, choices=UnitKind)
    parent: ForeignKey["Unit"] = ForeignKey(
        "self", on_delete=OnDelete.restrict, null=True, default=None, help_text="The unit it belongs to."
    )
    closed_at = Timestamptz(null=True, default=None, help_text="Since when nobody is put into it any more.")
    is_demo = Boolean(default=False)


class Officer(Table, tablename="officer"):
    """民警: someone who signs in to the staff face."""

    id = UUID(primary_key=True, default=UUID4())
    badge_number = Varchar(length=20, unique=True)
    username = Varchar(length=40, unique=True)
    full_name = Varchar(length=80)
    role = Varchar(length=24, choices=OfficerRole)
    unit = ForeignKey(Unit, on_delete=OnDelete.restrict, null=False)
    password_hash = Varchar(length=200, help_text="Argon2id, PHC string.")
    is_active = Boolean(default=True)
    is_demo = Boolean(default=False)
    created_at = Timestamptz()
    temporary_until = Timestamptz(
        null=True, default=None, help_text="Set while the password is an administrator's: change it before then."
    )
    last_sign_in_at = Timestamptz(null=True, default=None)


class StaffSession(Table, tablename="staff_session"):
    """A signed-in browser; the cookie holds the token, the row only its digest."""

    id = UUID(primary_key=True, default=UUID4())
    token_sha256 = Varchar(length=64, unique=True)
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    created_at = Timestamptz()
    seen_at = Timestamptz()
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)
    device_words = Varchar(length=60, default="", help_text="Browser and system in two words; no address, no version.")


class KnownDevice(Table, tablename="known_device"):
    """已识别设备: a browser that has signed in to an account before; its tries are counted apart from strangers'."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    token_sha256 = Varchar(length=64, help_text="Of the cookie; the token is stored nowhere.")
    first_seen_at = Timestamptz()
    last_seen_at = Timestamptz()
    forgotten_at = Timestamptz(null=True, default=None)

    one_row_per_browser = Unique([officer, token_sha256])


class SignInFailure(Table, tablename="sign_in_failure"):
    """A failed sign-in, counted to slow guessing down; holds no address."""

    id = UUID(primary_key=True, default=UUID4())
    username = Varchar(length=40, index=True)
    source = Varchar(length=36, default="", help_text="Id of the known device; empty for every stranger together.")
    failed_at = Timestamptz()
