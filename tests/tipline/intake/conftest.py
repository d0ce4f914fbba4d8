"""A visitor at the running public face."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.platform import Platform
from tests.tipline.visitor import Visitor, public_face


@pytest.fixture
async def visitor(database: Platform) -> AsyncIterator[Visitor]:
    """Give a browser at the public face over an empty database, at noon of 1 June 2021."""
    async with public_face(database) as face:
        yield face
