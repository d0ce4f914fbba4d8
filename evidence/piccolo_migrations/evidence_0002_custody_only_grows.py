"""PostgreSQL itself refuses to change or remove what custody has recorded."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from evidence.tables import CustodyEntry

ID = "evidence_0002"
VERSION = "1.38.0"
DESCRIPTION = "The custody ledger can only grow (docs/decisions/0002-custody-ledger-is-a-merkle-log.md)"

REFUSE: Final = """
CREATE FUNCTION evidence_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: evidence rows are kept', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$"""

APPEND_ONLY: Final = tuple(
    f"CREATE TRIGGER {table}_is_kept BEFORE {events} ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse_change()"
    for table, events in (
        ("custody_entry", "UPDATE OR DELETE OR TRUNCATE"),
        ("evidence_part", "UPDATE OR DELETE OR TRUNCATE"),
        ("evidence_item", "DELETE OR TRUNCATE"),
        ("ledger_head", "DELETE OR TRUNCATE"),
    )
)

ITEM_ONLY_ADVANCES: Final = """
CREATE FUNCTION evidence_item_only_advances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.deposit, NEW.parent, NEW.label, NEW.object_key, NEW.size_bytes, NEW.received_at)
        IS DISTINCT FROM (OLD.id, OLD.deposit, OLD.parent, OLD.label, OLD.object_key, OLD.size_bytes, OLD.received_at)
    THEN
        RAISE EXCEPTION 'what an evidence item is never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state <> 'checking' AND (NEW.sha256, NEW.sm3, NEW.sealed_at, NEW.media_type)
        IS DISTINCT FROM (OLD.sha256, OLD.sm3, OLD.sealed_at, OLD.media_type)
    THEN
        RAISE EXCEPTION 'the digests of a sealed evidence item never change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state)
        NOT IN (('checking', 'sealed'), ('checking', 'broken'), ('sealed', 'broken'))
    THEN
        RAISE EXCEPTION 'an evidence item never goes from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$"""

HEAD_ONLY_GROWS: Final = """
CREATE FUNCTION ledger_head_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.size <= OLD.size THEN
        RAISE EXCEPTION 'the ledger only grows' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$"""

ROW_TRIGGERS: Final = (
    (
        "CREATE TRIGGER evidence_item_only_advances BEFORE UPDATE ON evidence_item"
        " FOR EACH ROW EXECUTE FUNCTION evidence_item_only_advances()"
    ),
    (
        "CREATE TRIGGER ledger_head_only_grows BEFORE UPDATE ON ledger_head"
        " FOR EACH ROW EXECUTE FUNCTION ledger_head_only_grows()"
    ),
)

CONSTRAINTS: Final = (
    (
        "ALTER TABLE evidence_item ADD CONSTRAINT sealed_items_have_digests CHECK (state <> 'sealed'"
        " OR (sha256 IS NOT NULL AND sm3 IS NOT NULL AND sealed_at IS NOT NULL))"
    ),
    "ALTER TABLE evidence_item ADD CONSTRAINT items_hold_bytes CHECK (size_bytes > 0)",
    "ALTER TABLE evidence_item ADD CONSTRAINT derived_items_have_a_label CHECK ((parent IS NULL) = (label = ''))",
    "ALTER TABLE custody_entry ADD CONSTRAINT no_act_without_a_name CHECK (actor <> '')",
    "ALTER TABLE custody_entry ADD CONSTRAINT positions_count_from_zero CHECK (position >= 0)",
    "ALTER TABLE ledger_head ADD CONSTRAINT one_head CHECK (id = 1)",
    "CREATE UNIQUE INDEX custody_entry_seals_an_item_once ON custody_entry (item) WHERE act IN ('received', 'derived')",
)

SEED: Final = """
INSERT INTO ledger_head (id, size, root_sha256, frontier) VALUES (1, 0, encode(sha256(''), 'hex'), '[]')"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="evidence", description=DESCRIPTION)

    async def run() -> None:
        for statement in (
            REFUSE,
            ITEM_ONLY_ADVANCES,
            HEAD_ONLY_GROWS,
            *APPEND_ONLY,
            *ROW_TRIGGERS,
            *CONSTRAINTS,
            SEED,
        ):
            await CustodyEntry.raw(statement)

    manager.add_raw(run)
    return manager
