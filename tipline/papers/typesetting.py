"""The one door to the typesetter: a template of ours and data as JSON, never a word of anybody pasted into code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst

from tipline.papers.glyphs import FONT, FontMissing, NotDrawable, showable

FOLDER: Final = Path(__file__).parent
STANDARD: Final = "a-2u"  # PDF/A-2u (ISO 19005-2): kept for decades, every character can be read out again


def typeset(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Return the PDF that a template in this folder makes of `data`, deterministic in both.

    The template reads `json(bytes(sys.inputs.data))`. It sees no font but the shipped one, no file outside this
    folder, and loads no package, so nothing is asked of any network.

    Raises:
        NotDrawable: the template refused the data.
        FontMissing: the front end's files were not set up.
    """
    if not FONT.exists():
        raise FontMissing(FONT)
    try:
        made = typst.compile(
            FOLDER / template,
            root=FOLDER,
            font_paths=[FONT.parent],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[STANDARD],
            sys_inputs={"data": json.dumps(_shown(data), ensure_ascii=False)},
            timestamp=made_at,
        )
    except typst.TypstError as refusal:
        raise NotDrawable(refusal.message) from refusal
    if not isinstance(made, bytes):
        raise NotDrawable("the typesetter gave no document")
    return made


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, Mapping):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    return value
