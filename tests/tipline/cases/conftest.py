"""A desk at the case file: the database as the staff face sees it, with the law loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.platform import Platform, as_role
from tipline.law.service import load_seed_rules
from tipline.settings import Role


@pytest.fixture
async def lawful(database: Platform) -> AsyncIterator[Platform]:
    """Load the law and stay the owner, so that rows can be made; `as_role(lawful, Role.STAFF)` sits at the desk."""
    await load_seed_rules()
    yield database
    as_role(database, Role.OWNER)
