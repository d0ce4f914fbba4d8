"""续传清理: the job that sees to uploads whose senders do not come back."""

from __future__ import annotations

from uuid import UUID

from tipline.intake.uploads import service
from tipline.intake.uploads.service import Doors
from workers.doors import doors


async def settle_upload(subject: str) -> None:
    """Finish the upload `subject` if it is whole, else remove what is stored of it when nobody went on for 48 h.

    Safe to repeat.

    Raises:
        StorageDown: tried again later.
    """
    at = doors()
    await service.settle(UUID(subject), Doors(at.custody, at.settings.limits, at.now))
