"""What a machine read, as it stands once officers have spoken, for every statement that takes a plate from a medium."""

from __future__ import annotations

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tipline.intake.review.tables import HintCorrection

ID = "review_0002"
VERSION = "1.38.0"
DESCRIPTION = "Hints as they stand are a view: corrected ones with the officer's value, rejected ones left out"

VIEW: Final = """
CREATE VIEW standing_hint AS
SELECT h.id, h.tip_file, h.frame, h.at_s, h.kind, h.confidence, h.created_at,
       CASE WHEN c.act = 'corrected' THEN c.new_value ELSE h.value END AS value,
       h.value AS raw_value, c.act IS NOT DISTINCT FROM 'corrected' AS is_corrected
FROM hint h LEFT JOIN LATERAL (
  SELECT said.act, said.new_value FROM hint_correction said
  WHERE said.tip_file = h.tip_file AND said.kind = h.kind AND said.raw_value = h.value
  ORDER BY said.corrected_at DESC, said.id DESC LIMIT 1
) c ON true
WHERE c.act IS DISTINCT FROM 'rejected'"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="review", description=DESCRIPTION)

    async def run() -> None:
        await HintCorrection.raw(VIEW)
        await HintCorrection.raw("GRANT SELECT ON standing_hint TO tipline_staff, tipline_worker")

    manager.add_raw(run)
    return manager
