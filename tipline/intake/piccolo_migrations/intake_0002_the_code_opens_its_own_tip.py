"""The functions through which the public face touches receipts and sessions: it has no grant on those tables.

`tipline.own` is a setting of one transaction: the receipt's id and its verifier. Anyone may set it, but
`own_receipt()` holds it against the table each time, so only who knows the verifier gains by it.
"""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.tables import Receipt

ID = "intake_0002"
VERSION = "1.38.0"
DESCRIPTION = "Only who shows the code, or a session opened by it, may open a tip"

AS_OWNER: Final = "SECURITY DEFINER SET search_path = public, pg_temp"

OWN_RECEIPT: Final = f"""
CREATE FUNCTION own_receipt() RETURNS uuid LANGUAGE sql STABLE {AS_OWNER} AS $$
  SELECT r.id FROM receipt r, (SELECT current_setting('tipline.own', true) AS told) s
  WHERE r.id = CASE WHEN pg_input_is_valid(split_part(s.told, ':', 1), 'uuid') THEN split_part(s.told, ':', 1)::uuid END
  AND encode(r.verifier, 'hex') = split_part(s.told, ':', 2)
$$"""

OWN_TIP: Final = f"""
CREATE FUNCTION own_tip() RETURNS uuid LANGUAGE sql STABLE {AS_OWNER} AS $$
  SELECT id FROM tip WHERE receipt = own_receipt()
$$"""

FILE_RECEIPT: Final = f"""
CREATE FUNCTION file_receipt(
  p_id uuid, p_locator text, p_salt bytea, p_verifier bytea, p_request_sha256 text, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
  INSERT INTO receipt (id, locator, salt, verifier, request_sha256, created_at)
  VALUES (p_id, p_locator, p_salt, p_verifier, p_request_sha256, p_now)
  ON CONFLICT (request_sha256) DO NOTHING;
  RETURN FOUND;
END $$"""

RECEIPT_OF_REQUEST: Final = f"""
CREATE FUNCTION receipt_of_request(p_request_sha256 text) RETURNS TABLE (id uuid, salt bytea)
LANGUAGE sql STABLE {AS_OWNER} AS $$
  SELECT id, salt FROM receipt WHERE request_sha256 = p_request_sha256
$$"""

RECEIPT_CANDIDATES: Final = f"""
CREATE FUNCTION receipt_candidates(p_locator text) RETURNS TABLE (id uuid, salt bytea)
LANGUAGE sql STABLE {AS_OWNER} AS $$
  SELECT id, salt FROM receipt WHERE locator = p_locator ORDER BY created_at
$$"""

OPEN_OWN_TIP: Final = f"""
CREATE FUNCTION open_own_tip(p_receipt uuid, p_verifier bytea) RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
  PERFORM set_config('tipline.own', p_receipt::text || ':' || encode(p_verifier, 'hex'), true);
  RETURN own_receipt() IS NOT NULL;
END $$"""

BEGIN_PUBLIC_SESSION: Final = f"""
CREATE FUNCTION begin_public_session(p_token_sha256 text, p_now timestamptz, p_until timestamptz)
RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
  DELETE FROM public_session WHERE expires_at < p_now - interval '1 day';
  INSERT INTO public_session (id, token_sha256, receipt, expires_at)
  SELECT gen_random_uuid(), p_token_sha256, own_receipt(), p_until WHERE own_receipt() IS NOT NULL;
  RETURN FOUND;
END $$"""

# A session that is used stays open; one left alone ends.
RESUME_PUBLIC_SESSION: Final = f"""
CREATE FUNCTION resume_public_session(p_token_sha256 text, p_now timestamptz, p_until timestamptz)
RETURNS boolean LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE
  own text;
BEGIN
  SELECT r.id::text || ':' || encode(r.verifier, 'hex') INTO own
  FROM public_session s JOIN receipt r ON r.id = s.receipt
  WHERE s.token_sha256 = p_token_sha256 AND s.expires_at > p_now;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE public_session SET expires_at = p_until
  WHERE token_sha256 = p_token_sha256 AND expires_at < p_until - interval '1 minute';
  PERFORM set_config('tipline.own', own, true);
  RETURN true;
END $$"""

END_PUBLIC_SESSION: Final = f"""
CREATE FUNCTION end_public_session(p_token_sha256 text) RETURNS void LANGUAGE sql {AS_OWNER} AS $$
  DELETE FROM public_session WHERE token_sha256 = p_token_sha256
$$"""

# Counted before the slow check and given back when the code was right: tries made all at once are bounded too.
# Rows are locked in one order (a locator sorts before 'all'), so that two tries never wait for each other in a ring.
TAKE_TRY: Final = f"""
CREATE FUNCTION take_try(p_locator text, p_now timestamptz, p_each integer, p_all integer)
RETURNS integer LANGUAGE plpgsql {AS_OWNER} AS $$
DECLARE
  hour CONSTANT interval := interval '1 hour';
  wait_s double precision;
BEGIN
  INSERT INTO try_budget (bucket, began_at, spent) VALUES (p_locator, p_now, 0), ('all', p_now, 0)
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM try_budget WHERE bucket = p_locator FOR UPDATE;
  PERFORM 1 FROM try_budget WHERE bucket = 'all' FOR UPDATE;
  UPDATE try_budget SET began_at = p_now, spent = 0
  WHERE bucket IN (p_locator, 'all') AND began_at <= p_now - hour;
  SELECT max(extract(epoch FROM began_at + hour - p_now)) INTO wait_s FROM try_budget
  WHERE (bucket = p_locator AND spent >= p_each) OR (bucket = 'all' AND spent >= p_all);
  IF wait_s IS NOT NULL THEN
    RETURN greatest(1, ceil(wait_s)::integer);
  END IF;
  UPDATE try_budget SET spent = spent + 1 WHERE bucket IN (p_locator, 'all');
  RETURN 0;
END $$"""

GIVE_TRY_BACK: Final = f"""
CREATE FUNCTION give_try_back(p_locator text) RETURNS void LANGUAGE plpgsql {AS_OWNER} AS $$
BEGIN
  UPDATE try_budget SET spent = greatest(spent - 1, 0) WHERE bucket = p_locator;
  UPDATE try_budget SET spent = greatest(spent - 1, 0) WHERE bucket = 'all';
END $$"""

FUNCTIONS: Final = (
    (OWN_RECEIPT, "own_receipt()"),
    (OWN_TIP, "own_tip()"),
    (FILE_RECEIPT, "file_receipt(uuid, text, bytea, bytea, text, timestamptz)"),
    (RECEIPT_OF_REQUEST, "receipt_of_request(text)"),
    (RECEIPT_CANDIDATES, "receipt_candidates(text)"),
    (OPEN_OWN_TIP, "open_own_tip(uuid, bytea)"),
    (BEGIN_PUBLIC_SESSION, "begin_public_session(text, timestamptz, timestamptz)"),
    (RESUME_PUBLIC_SESSION, "resume_public_session(text, timestamptz, timestamptz)"),
    (END_PUBLIC_SESSION, "end_public_session(text)"),
    (TAKE_TRY, "take_try(text, timestamptz, integer, integer)"),
    (GIVE_TRY_BACK, "give_try_back(text)"),
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="intake", description=DESCRIPTION)

    async def run() -> None:
        for definition, signature in FUNCTIONS:
            await Receipt.raw(definition)
            await Receipt.raw(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
            await Receipt.raw(f"GRANT EXECUTE ON FUNCTION {signature} TO tipline_public")

    manager.add_raw(run)
    return manager
