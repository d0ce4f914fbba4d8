"""Grants, the trigger that keeps deeds, what a tip's sender is told of a duplicate, and the indexes of the inbox."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.triage.tables import TipEvent

ID = "intake_0008"
VERSION = "1.38.0"
DESCRIPTION = "Deeds on tips are append-only; least grants of triage; a queue of 100,000 tips is read by its indexes"

REFUSE: Final = """
CREATE FUNCTION tip_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'tip_event is append-only'; END $$"""
TRIGGER: Final = """
CREATE TRIGGER tip_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON tip_event FOR EACH STATEMENT EXECUTE FUNCTION tip_event_refuse_change()"""
# What was decided before deeds were written down, from the columns of the tip.
EARLIER: Final = """
INSERT INTO tip_event (id, tip, number, deed, officer, happened_at, changed_from, changed_to, undoes)
SELECT gen_random_uuid(), t.id, 1, t.state, t.decided_by, t.decided_at, jsonb_build_object(
         'state', 'received', 'decided_by', NULL, 'decided_at', NULL, 'decline_reason', NULL, 'duplicate_of', NULL,
         'surfaced_at', NULL),
       jsonb_build_object('state', t.state, 'decided_by', t.decided_by, 'decided_at', t.decided_at,
         'decline_reason', t.decline_reason, 'duplicate_of', NULL, 'surfaced_at', NULL), NULL
FROM tip t WHERE t.state IN ('accepted', 'declined') AND t.decided_at IS NOT NULL"""

# A duplicate stands as the tip that speaks for it: its sender is told of no other tip, and not turned away either.
OWN_TIP_STATE: Final = """
CREATE FUNCTION own_tip_state() RETURNS text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE up AS (
    SELECT t.state, t.duplicate_of FROM tip t WHERE t.id = own_tip()
    UNION SELECT t.state, t.duplicate_of FROM tip t JOIN up ON t.id = up.duplicate_of
  ) SELECT up.state FROM up WHERE up.duplicate_of IS NULL
$$"""

# Pairs of neighbouring characters, small letters: words in a language without blanks are found by them.
PAIRS: Final = """
CREATE FUNCTION character_pairs(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT one || next), ARRAY[]::text[]) FROM (
    SELECT one, lead(one) OVER (ORDER BY place) AS next
    FROM unnest(string_to_array(lower(words), NULL)) WITH ORDINALITY AS spelled (one, place)
  ) pair WHERE next IS NOT NULL
$$"""
TEXTS: Final = "alias || ' ' || plate_text || ' ' || place_text || ' ' || story"
SURFACED: Final = "coalesce(surfaced_at, received_at)"
UNTOUCHED: Final = "duplicate_of IS NULL AND assigned_to IS NULL AND surfaced_at IS NULL"

STATEMENTS: Final = (
    EARLIER,
    REFUSE,
    TRIGGER,
    OWN_TIP_STATE,
    "REVOKE ALL ON FUNCTION own_tip_state() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION own_tip_state() TO tipline_public",
    PAIRS,
    # Restrictive: it narrows whatever other rules let the public face add.
    (
        "CREATE POLICY the_public_decides_nothing ON tip AS RESTRICTIVE FOR INSERT TO tipline_public"
        f" WITH CHECK ({UNTOUCHED})"
    ),
    "GRANT UPDATE (duplicate_of, assigned_to, surfaced_at) ON tip TO tipline_staff",
    "GRANT SELECT, INSERT ON tip_event, tag, tip_tag, tip_note, tip_seen, saved_search TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (has_single_keys) ON triage_preference TO tipline_staff",
    "GRANT UPDATE (seen_at) ON tip_seen TO tipline_staff",
    "GRANT DELETE ON tip_tag, saved_search TO tipline_staff",
    "GRANT SELECT, INSERT ON tip_event TO tipline_worker",
    "GRANT UPDATE (surfaced_at) ON tip TO tipline_worker",
    f"CREATE INDEX tip_queue ON tip (state, ({SURFACED}) DESC, id)",
    f"CREATE INDEX tip_surfaced ON tip (({SURFACED}) DESC, id)",
    "CREATE INDEX tip_states ON tip (state, surfaced_at, received_at)",
    f"CREATE INDEX tip_came_up_again ON tip (({SURFACED}) DESC) WHERE state = 'declined' AND surfaced_at IS NOT NULL",
    "CREATE INDEX tip_assigned ON tip (assigned_to) WHERE assigned_to IS NOT NULL",
    "CREATE INDEX tip_duplicates ON tip (duplicate_of) WHERE duplicate_of IS NOT NULL",
    "CREATE INDEX tip_happened ON tip (happened_from) WHERE happened_from IS NOT NULL",
    f"CREATE INDEX tip_words ON tip USING gin (character_pairs({TEXTS}))",
    "CREATE INDEX tip_plate ON tip USING gin (character_pairs(plate_text)) WHERE plate_text <> ''",
    "CREATE INDEX tip_tag_of_tag ON tip_tag (tag)",
    "CREATE INDEX tip_event_of_officer ON tip_event (officer, happened_at DESC)",
    "CREATE INDEX hint_of_file ON hint (tip_file)",
    "CREATE INDEX hint_plate ON hint (value) WHERE kind = 'plate'",
    # Of a lower room's table: only intake asks which tips brought the very same file.
    "CREATE INDEX evidence_item_original_digest ON evidence_item (sha256) WHERE parent IS NULL",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await TipEvent.raw(statement)

    manager.add_raw(run)
    return manager
