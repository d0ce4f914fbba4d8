from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.accounts.tables import Officer

ID = "tokens_0001"
VERSION = "1.38.0"
DESCRIPTION = "Officers make tokens for their programs; only digests are kept (docs/decisions/0041)"
TABLE = """
CREATE TABLE access_token (
  id uuid PRIMARY KEY NOT NULL DEFAULT gen_random_uuid(),
  officer uuid NOT NULL REFERENCES officer (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  name varchar(60) NOT NULL,
  token_sha256 varchar(64) NOT NULL UNIQUE,
  scopes varchar(160) NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
)"""
STATEMENTS = (
    TABLE,
    "CREATE INDEX access_token_of_officer ON access_token (officer) WHERE revoked_at IS NULL",
    "GRANT SELECT, INSERT, UPDATE (last_used_at, revoked_at) ON access_token TO tipline_staff",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="tokens", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await Officer.raw(statement)

    manager.add_raw(run)
    return manager
