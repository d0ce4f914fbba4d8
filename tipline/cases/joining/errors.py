"""What can go wrong when cases are merged or split. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from tipline.errors import Invalid


class JoiningRefused(Invalid):
    """Two cases cannot be merged, or one cannot be split, in this way; each problem names its field."""
