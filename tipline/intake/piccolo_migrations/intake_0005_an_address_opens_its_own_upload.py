"""Who may touch uploads: the public face those of the tip it opened, workers all of them, officers none.

The secret in an upload's address opens the tip it goes into for one transaction, as a session does (intake_0002). A
pass does the same for the page that begins uploads.
"""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.uploads.tables import Upload

ID = "intake_0005"
VERSION = "1.38.0"
DESCRIPTION = "An upload's address and a page's pass open the tip they belong to, and nothing else"

AS_OWNER: Final = "SECURITY DEFINER SET search_path = public, pg_temp"

OPEN_UPLOAD: Final = f"""
CREATE FUNCTION open_upload(p_secret_sha256 text) RETURNS uuid LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE
  found_id uuid;
  own text;
BEGIN
  SELECT u.id, r.id::text || ':' || encode(r.verifier, 'hex') INTO found_id, own
  FROM upload u JOIN tip t ON t.id = u.tip JOIN receipt r ON r.id = t.receipt WHERE u.secret_sha256 = p_secret_sha256;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM set_config('tipline.own', own, true);
  RETURN found_id;
END $$"""

BEGIN_UPLOAD_PASS: Final = f"""
CREATE FUNCTION begin_upload_pass(p_token_sha256 text, p_now timestamptz, p_until timestamptz)
RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
  DELETE FROM upload_pass WHERE expires_at < p_now - interval '1 day';
  INSERT INTO upload_pass (id, token_sha256, receipt, expires_at)
  SELECT gen_random_uuid(), p_token_sha256, own_receipt(), p_until WHERE own_receipt() IS NOT NULL;
  RETURN FOUND;
END $$"""

USE_UPLOAD_PASS: Final = f"""
CREATE FUNCTION use_upload_pass(p_token_sha256 text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE
  own text;
BEGIN
  SELECT r.id::text || ':' || encode(r.verifier, 'hex') INTO own
  FROM upload_pass p JOIN receipt r ON r.id = p.receipt
  WHERE p.token_sha256 = p_token_sha256 AND p.expires_at > p_now;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM set_config('tipline.own', own, true);
  RETURN true;
END $$"""

FUNCTIONS: Final = (
    (OPEN_UPLOAD, "open_upload(text)"),
    (BEGIN_UPLOAD_PASS, "begin_upload_pass(text, timestamptz, timestamptz)"),
    (USE_UPLOAD_PASS, "use_upload_pass(text, timestamptz)"),
)

# What an upload is never changes; how far it has come does.
PROGRESS: Final = ", ".join(
    (
        *("offset_bytes", "head", "media_type", "handle", "state", "epoch", "is_held", "is_wanted"),
        *("last_number", "pieces", "parts", "item", "expires_at"),
    )
)
GRANTS: Final = (
    f"GRANT SELECT, INSERT, UPDATE ({PROGRESS}) ON upload TO tipline_public, tipline_worker",
    "GRANT SELECT, INSERT, UPDATE (part, tag), DELETE ON upload_piece TO tipline_public",
    "GRANT SELECT, DELETE ON upload_piece TO tipline_worker",
    "GRANT DELETE ON upload TO tipline_worker",
    "GRANT INSERT ON tip_file TO tipline_worker",  # a file that arrived whole while its sender was lost
)
RULES: Final = (
    "ALTER TABLE upload ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE upload_piece ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE upload_pass ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY workers_see_every_row ON upload FOR ALL TO tipline_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY workers_see_every_row ON upload_piece FOR ALL TO tipline_worker USING (true) WITH CHECK (true)",
    (
        "CREATE POLICY the_public_sees_its_own ON upload FOR ALL TO tipline_public"
        " USING (tip = (SELECT own_tip())) WITH CHECK (tip = (SELECT own_tip()))"
    ),
    (
        "CREATE POLICY the_public_sees_its_own ON upload_piece FOR ALL TO tipline_public"
        " USING (upload IN (SELECT id FROM upload WHERE tip = (SELECT own_tip())))"
        " WITH CHECK (upload IN (SELECT id FROM upload WHERE tip = (SELECT own_tip()) AND state = 'open'))"
    ),
    "ALTER TABLE upload ADD CONSTRAINT an_offset_lies_within CHECK (offset_bytes BETWEEN 0 AND length_bytes)",
    "ALTER TABLE upload ADD CONSTRAINT a_finished_upload_has_an_item CHECK ((state = 'finished') = (item IS NOT NULL))",
    "CREATE INDEX upload_of_tip ON upload (tip)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        for definition, signature in FUNCTIONS:
            await Upload.raw(definition)
            await Upload.raw(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
            await Upload.raw(f"GRANT EXECUTE ON FUNCTION {signature} TO tipline_public")
        for statement in (*GRANTS, *RULES):
            await Upload.raw(statement)

    manager.add_raw(run)
    return manager
