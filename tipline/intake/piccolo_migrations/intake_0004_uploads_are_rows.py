"""The tables of resumable uploads, told to Piccolo column by column."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Boolean, Bytea, Column, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.columns.indexes import IndexMethod
from piccolo.constraints import Unique
from piccolo.table import Table

ID = "intake_0004"
VERSION = "1.38.0"
DESCRIPTION = "Uploads, their pieces and the passes to begin them are rows"


class EvidenceItem(Table, tablename="evidence_item", schema=None):
    id = UUID(primary_key=True)


class Receipt(Table, tablename="receipt", schema=None):
    id = UUID(primary_key=True)


class Tip(Table, tablename="tip", schema=None):
    id = UUID(primary_key=True)


class Upload(Table, tablename="upload", schema=None):
    id = UUID(primary_key=True)


class UploadState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    ENDING = "ending"
    ENDED = "ended"


def refers(table: type[Table], *, null: bool = False) -> tuple[type[Column], dict[str, Any]]:
    return ForeignKey, {
        "references": table,
        "on_delete": OnDelete.restrict,
        "default": None,
        "null": null,
        "target_column": None,
    }


def text(length: int, **more: Any) -> tuple[type[Column], dict[str, Any]]:
    return Varchar, {"default": "", "length": length, **more}


def whole(kind: type[Column]) -> tuple[type[Column], dict[str, Any]]:
    return kind, {"default": 0}


PLAIN: Final[dict[str, Any]] = {
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}
KEY: Final = (UUID, {"default": UUID4(), "primary_key": True})
MOMENT: Final = (Timestamptz, {"default": TimestamptzNow()})
INDEXED_MOMENT: Final = (Timestamptz, {"default": TimestamptzNow(), "index": True})
FLAG: Final = (Boolean, {"default": False})

TABLES: Final[dict[tuple[str, str], dict[str, tuple[type[Column], dict[str, Any]]]]] = {
    ("Upload", "upload"): {
        "id": KEY,
        "secret_sha256": text(64, unique=True),
        "tip": refers(Tip),
        "file_name": text(200),
        "length_bytes": whole(BigInt),
        "offset_bytes": whole(BigInt),
        "head": (Bytea, {"default": b""}),
        "media_type": text(80),
        "object_key": text(120),
        "handle": text(1024),
        "state": text(16, default="open", choices=UploadState),
        "epoch": whole(Integer),
        "is_held": FLAG,
        "is_wanted": FLAG,
        "last_number": whole(Integer),
        "pieces": whole(Integer),
        "parts": whole(Integer),
        "item": refers(EvidenceItem, null=True),
        "created_at": MOMENT,
        "expires_at": INDEXED_MOMENT,
    },
    ("UploadPiece", "upload_piece"): {
        "id": KEY,
        "upload": refers(Upload),
        "number": whole(Integer),
        "offset_bytes": whole(BigInt),
        "size_bytes": whole(BigInt),
        "sha256": text(64),
        "part": whole(Integer),
        "tag": text(200),
    },
    ("UploadPass", "upload_pass"): {
        "id": KEY,
        "token_sha256": text(64, unique=True),
        "receipt": refers(Receipt),
        "expires_at": MOMENT,
    },
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)
    for (class_name, tablename), columns in TABLES.items():
        manager.add_table(class_name=class_name, tablename=tablename, schema=None, columns=None)
        for name, (kind, params) in columns.items():
            manager.add_column(
                table_class_name=class_name,
                tablename=tablename,
                column_name=name,
                db_column_name=name,
                column_class_name=kind.__name__,
                column_class=kind,
                params={**PLAIN, **params},
                schema=None,
            )
    manager.add_constraint(
        table_class_name="UploadPiece",
        tablename="upload_piece",
        constraint_name="one_piece_per_number",
        constraint_class=Unique,
        params={"columns": ["upload", "number"], "nulls_distinct": True},
        schema=None,
    )
    return manager
