from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.accounts.tables import Officer

ID = "factors_0001"
VERSION = "1.38.0"
DESCRIPTION = "Officers show a second factor: a code, a passkey or a recovery code"
TOTP_SECRET = """
CREATE TABLE totp_secret (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT 0,
  ended_at timestamptz
)"""
PASSKEY = """
CREATE TABLE passkey (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  credential_id bytea NOT NULL,
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL DEFAULT 0,
  name varchar(60) NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  ended_at timestamptz
)"""
RECOVERY_CODE = """
CREATE TABLE recovery_code (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  code_hmac varchar(64) NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz,
  ended_at timestamptz
)"""
FACTOR_CHALLENGE = """
CREATE TABLE factor_challenge (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  purpose varchar(16) NOT NULL,
  token_sha256 varchar(64) NOT NULL UNIQUE,
  challenge bytea NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
)"""
STATEMENTS = (
    TOTP_SECRET,
    PASSKEY,
    RECOVERY_CODE,
    FACTOR_CHALLENGE,
    "CREATE UNIQUE INDEX totp_secret_standing ON totp_secret (officer) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX passkey_standing ON passkey (credential_id) WHERE ended_at IS NULL",
    "CREATE INDEX passkey_of_officer ON passkey (officer) WHERE ended_at IS NULL",
    "CREATE INDEX recovery_code_of_officer ON recovery_code (officer) WHERE ended_at IS NULL AND used_at IS NULL",
    "CREATE INDEX factor_challenge_by_end ON factor_challenge (expires_at)",
    "GRANT SELECT, INSERT, UPDATE (confirmed_at, last_step, ended_at) ON totp_secret TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (sign_count, last_used_at, ended_at) ON passkey TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (used_at, ended_at) ON recovery_code TO tipline_staff",
    "GRANT SELECT, INSERT, UPDATE (challenge, used_at), DELETE ON factor_challenge TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="factors", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Officer.raw(statement)

    manager.add_raw(run)
    return manager
