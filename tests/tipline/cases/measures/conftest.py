"""The case file's desk, for the rooms within it."""

from tests.tipline.cases.conftest import lawful

__all__ = ["lawful"]
