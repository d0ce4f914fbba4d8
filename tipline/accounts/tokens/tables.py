"""Rows of access tokens. A token is shown once; only its digest is kept."""

from enum import StrEnum

from piccolo.columns import UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from tipline.accounts.tables import Officer


class TokenScope(StrEnum):
    """What a token may be used for, within what its officer's role allows."""

    TIPS_READ = "tips:read"
    TIPS_DECIDE = "tips:decide"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    MEASURES_WRITE = "measures:write"
    CLEARANCE_WRITE = "clearance:write"
    EXPORT = "export"


class AccessToken(Table, tablename="access_token"):
    """访问令牌: a program's key to the staff API, in the name of one officer."""

    id = UUID(primary_key=True, default=UUID4())
    officer = ForeignKey(Officer, on_delete=OnDelete.restrict, null=False)
    name = Varchar(length=60)
    token_sha256 = Varchar(length=64, unique=True)
    scopes = Varchar(length=160, help_text="Values of TokenScope, parted by blanks.")
    created_at = Timestamptz()
    expires_at = Timestamptz()
    last_used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
