from enum import Enum

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import UUID, Boolean, Date, Varchar
from piccolo.columns.defaults.date import DateNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.columns.indexes import IndexMethod

ID = "law_0003"
VERSION = "1.38.0"
DESCRIPTION = "Clocks are rules, and holidays are rows"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="law", description=DESCRIPTION)

    manager.add_table(class_name="Holiday", tablename="holiday", schema=None, columns=None)

    manager.add_column(
        table_class_name="Holiday",
        tablename="holiday",
        column_name="id",
        db_column_name="id",
        column_class_name="UUID",
        column_class=UUID,
        params={
            "default": UUID4(),
            "null": False,
            "primary_key": True,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="Holiday",
        tablename="holiday",
        column_name="day",
        db_column_name="day",
        column_class_name="Date",
        column_class=Date,
        params={
            "default": DateNow(),
            "null": False,
            "primary_key": False,
            "unique": True,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="Holiday",
        tablename="holiday",
        column_name="kind",
        db_column_name="kind",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 16,
            "default": "",
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": Enum("DayKind", {"HOLIDAY": "holiday", "WORKDAY": "workday"}),
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="Holiday",
        tablename="holiday",
        column_name="name",
        db_column_name="name",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 40,
            "default": "",
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="Holiday",
        tablename="holiday",
        column_name="source",
        db_column_name="source",
        column_class_name="Varchar",
        column_class=Varchar,
        params={
            "length": 120,
            "default": "",
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="LegalRule",
        tablename="legal_rule",
        column_name="moves_off_holidays",
        db_column_name="moves_off_holidays",
        column_class_name="Boolean",
        column_class=Boolean,
        params={
            "default": False,
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.alter_column(
        table_class_name="LegalRule",
        tablename="legal_rule",
        column_name="kind",
        db_column_name="kind",
        params={
            "choices": Enum(
                "RuleKind",
                {
                    "MEASURE_BASIS": "measure_basis",
                    "MEASURE_LIMIT": "measure_limit",
                    "MEASURE_DOCUMENT": "measure_document",
                    "MEASURE_AUTHORITY": "measure_authority",
                    "DETENTION_GROUND": "detention_ground",
                    "CLEARANCE_CONDITION": "clearance_condition",
                    "STATUTORY_CLOCK": "statutory_clock",
                },
            )
        },
        old_params={
            "choices": Enum(
                "RuleKind",
                {
                    "MEASURE_BASIS": "measure_basis",
                    "MEASURE_LIMIT": "measure_limit",
                    "MEASURE_DOCUMENT": "measure_document",
                    "MEASURE_AUTHORITY": "measure_authority",
                    "DETENTION_GROUND": "detention_ground",
                    "CLEARANCE_CONDITION": "clearance_condition",
                },
            )
        },
        column_class=Varchar,
        old_column_class=Varchar,
        schema=None,
    )

    return manager
