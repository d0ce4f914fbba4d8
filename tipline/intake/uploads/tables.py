"""Rows of resumable uploads: what counts, who may write, and when they are given up."""

from enum import StrEnum

from piccolo.columns import UUID, BigInt, Boolean, Bytea, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from evidence.tables import EvidenceItem
from tipline.intake.tables import Receipt, Tip


class UploadState(StrEnum):
    """How far an upload has come. `ending` means given up, with its bytes still to be removed."""

    OPEN = "open"
    FINISHED = "finished"
    ENDING = "ending"
    ENDED = "ended"


class Upload(Table, tablename="upload"):
    """续传: one file on its way into a tip."""

    id = UUID(primary_key=True, default=UUID4())
    secret_sha256 = Varchar(length=64, unique=True, help_text="Of the secret in its address, which is stored nowhere.")
    tip = ForeignKey(Tip, on_delete=OnDelete.restrict, null=False)
    file_name = Varchar(length=200, default="", help_text="As the sender's device named it; shown only to staff.")
    length_bytes = BigInt(help_text="As announced; never changes.")
    offset_bytes = BigInt(default=0, help_text="How many bytes count. They are durable.")
    head = Bytea(default=b"", help_text="The beginning, until there is enough of it to judge; then empty.")
    media_type = Varchar(length=80, default="", help_text="As judged from the content; empty until then.")
    object_key = Varchar(length=120)
    handle = Varchar(length=1024, default="", help_text="The store's own name for the unfinished object.")
    state = Varchar(length=16, choices=UploadState, default=UploadState.OPEN)
    epoch = Integer(default=0, help_text="Fencing token: each writer gets a higher one, and only the last may count.")
    is_held = Boolean(default=False, help_text="A request writes at this moment, or died while it did.")
    is_wanted = Boolean(default=False, help_text="A newer request asks the holder to stop.")
    last_number = Integer(default=0, help_text="Highest number that was given to a piece.")
    pieces = Integer(default=0, help_text="How many pieces count.")
    parts = Integer(default=0, help_text="In how many parts of the store they lie.")
    item = ForeignKey(EvidenceItem, on_delete=OnDelete.restrict, null=True, default=None)
    created_at = Timestamptz()
    expires_at = Timestamptz(index=True)


class UploadPiece(Table, tablename="upload_piece"):
    """A durable stretch of an unfinished upload; it becomes an `EvidencePart` when the file is whole."""

    id = UUID(primary_key=True, default=UUID4())
    upload = ForeignKey(Upload, on_delete=OnDelete.restrict, null=False)
    number = Integer()
    offset_bytes = BigInt()
    size_bytes = BigInt()
    sha256 = Varchar(length=64)
    part = Integer(default=0, help_text="The store's part it lies in; 0 while it lies apart.")
    tag = Varchar(length=200, default="", help_text="What the store gave for that part.")

    one_piece_per_number = Unique([upload, number])


class UploadPass(Table, tablename="upload_pass"):
    """Lets the page of a tip begin uploads into it for a while; its scripts never see the session's cookie."""

    id = UUID(primary_key=True, default=UUID4())
    token_sha256 = Varchar(length=64, unique=True)
    receipt = ForeignKey(Receipt, on_delete=OnDelete.restrict, null=False)
    expires_at = Timestamptz()
