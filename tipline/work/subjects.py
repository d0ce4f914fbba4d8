"""What a piece of work is about when it is about no single row."""

from __future__ import annotations

from typing import Final
from uuid import UUID

EVERY_CASE: Final = UUID(int=0)
