"""The box: decodes one untrusted file in a process of its own, with limits, and writes what it saw into a folder.

`python -m workers.box FILE photo|video FOLDER` leaves `seen.json` and the stills in FOLDER; with ORDER, a JSON object
of `kind` and `parameters`, it makes that one piece instead. It needs no setting, secret or database. `workers/media.py`
starts it and holds its standard input open: when that closes, the parent has died and it ends too. It ends with 0 also
for a file that cannot be read: `seen.json` says why.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

MEMORY_BYTES = 4 * 1024**3
PROCESSOR_S = 240
FILE_BYTES = 160 * 1024**2
NICENESS = 5
REPORT = "seen.json"
TOO_HEAVY = "too_heavy"
USAGE = 2
ORPHANED = 3


def main(arguments: list[str]) -> int:
    """Examine the file; 0 looked at, 2 wrong arguments. Bugs and missing models end as Python ends."""
    if len(arguments) not in {3, 4} or arguments[1] not in {"photo", "video"}:
        sys.stderr.write("usage: python -m workers.box FILE photo|video FOLDER [ORDER]\n")
        return USAGE
    _limit_myself()
    threading.Thread(target=_end_with_the_parent, name="parent", daemon=True).start()
    folder = Path(arguments[2])
    try:
        if len(arguments) == 4:  # noqa: PLR2004  FILE, kind, FOLDER, ORDER
            report = _cut(Path(arguments[0]), arguments[1], folder, json.loads(arguments[3]))
        else:
            report = _examine(Path(arguments[0]), arguments[1], folder)
    except MemoryError:
        report = {"problem": TOO_HEAVY}
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return 0


def _examine(path: Path, kind: str, folder: Path) -> dict[str, Any]:
    # Imported here so that the libraries begin their life inside the limits.
    from workers.vision.examine import examine_photo, examine_video  # noqa: PLC0415
    from workers.vision.frames import UnreadableVideo  # noqa: PLC0415
    from workers.vision.pictures import UnreadablePicture  # noqa: PLC0415

    try:
        seen = examine_photo(path) if kind == "photo" else examine_video(path)
    except (UnreadablePicture, UnreadableVideo) as unreadable:
        return {"problem": unreadable.reason.value}
    stills = []
    for still in seen.stills:
        name = f"{still.at_ms:08d}.jpg"
        (folder / name).write_bytes(still.jpeg)
        stills.append({"file": name, "at_ms": still.at_ms, "width_px": still.width_px, "height_px": still.height_px})
    hints = [asdict(hint) for hint in seen.hints]
    return {"problem": seen.problem, "facts": seen.facts, "stills": stills, "hints": hints}


def _cut(path: Path, kind: str, folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    from workers.vision.cutting import CannotCut, cut_clip, cut_picture, make_preview  # noqa: PLC0415  as above
    from workers.vision.frames import UnreadableVideo  # noqa: PLC0415
    from workers.vision.pictures import UnreadablePicture  # noqa: PLC0415

    parameters = order["parameters"]
    try:
        if order["kind"] == "clip":
            cut = cut_clip(path, folder, parameters)
        elif order["kind"] == "preview":
            cut = make_preview(path, folder)
        else:
            cut = cut_picture(path, folder, parameters, is_video=kind == "video")
    except (CannotCut, UnreadablePicture, UnreadableVideo) as refusal:
        return {"problem": refusal.reason.value}
    return {"problem": "", **asdict(cut)}


def _end_with_the_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(ORPHANED)


def _limit_myself() -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    if sys.platform == "linux":  # macOS does not hold a process to it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
