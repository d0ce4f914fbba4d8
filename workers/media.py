"""看图: the job that examines a photo or video of a tip. The seeing itself happens in the box (workers/box.py)."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from evidence.canonical import Json
from tipline.intake.hints import NewHint, file_of_item, record_examination, record_unreadable
from tipline.intake.tables import FileRole, HintKind
from workers.box import REPORT, TOO_HEAVY
from workers.doors import doors

ACTOR: Final = "worker:examine_item"
ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE_S: Final = 300.0
CRASHED: Final = "decoder_crashed"
# Signals by which a decoder betrays that the file broke it; a second try would end alike.
CRASHES: Final = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL})
WORDS_KEPT: Final = 2000


class BoxStopped(Exception):
    """The box ended without a report and not by the file's fault (killed, a bug, a missing model): tried again."""

    def __init__(self, status: int, words: str) -> None:
        last = (words.strip().splitlines() or ["no word"])[-1]
        super().__init__(f"the examining process ended with {status}: {last}")
        self.status = status


async def examine_item(subject: str) -> None:
    """Look at the sealed photo or video `subject`: keep its frames, write down its hints, ask for case suggestions.

    Safe to repeat: frames are kept once for each moment, the hints are replaced as a whole. A file that cannot be read
    is recorded as such and the job is done.

    Raises:
        FileNotOfATip: nothing to examine for; never tried again.
        CustodyBroken: the original is gone or was changed; never tried again.
        StorageDown, BoxStopped: tried again later.
    """
    item_id, at = UUID(subject), doors()
    file = await file_of_item(item_id)
    with TemporaryDirectory(prefix="tipline-box-") as name:
        folder = Path(name)
        async with at.custody.local_path(item_id) as path:
            report = await look_in_a_box(path, FileRole(file.role), folder)
        if "stills" not in report:
            await record_unreadable(item_id, problem=report["problem"], facts={}, now=at.now())
            return
        frames = [await _keep(item_id, still, folder) for still in report["stills"]]
    moments = [still["at_ms"] / 1000 if file.role == FileRole.VIDEO else None for still in report["stills"]]
    hints = [
        NewHint(
            frame=frames[hint["still"]],
            at_s=moments[hint["still"]],
            kind=HintKind(hint["kind"]),
            value=hint["value"],
            confidence=hint["confidence"],
            box=hint["box"],
            reading=hint["reading"],
            model=hint["model"],
        )
        for hint in report["hints"]
    ]
    await record_examination(item_id, facts=report["facts"], hints=hints, problem=report["problem"], now=at.now())


async def look_in_a_box(
    path: Path,
    role: FileRole,
    folder: Path,
    *,
    order: Mapping[str, Any] | None = None,
    patience_s: float = PATIENCE_S,
) -> dict[str, Any]:
    """Run the box on a file and return its report; its stills lie in `folder`. A report without `stills` is a refusal.

    With an `order` (`kind`, `parameters`) one piece is made instead, and named by `file`; without it it is a refusal.

    A file that takes longer than `patience_s`, or more processor time or memory than the box has, is `too_heavy`; one
    that crashes the decoder is `decoder_crashed`.

    Raises:
        BoxStopped: it ended otherwise without a report.
    """
    wanted = [] if order is None else [json.dumps(order)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "workers.box", str(path), role.value, str(folder), *wanted),
        cwd=ROOT,
        env=_bare_environment(folder),
        stdin=asyncio.subprocess.PIPE,  # held open: the box ends when we do
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        words = await asyncio.wait_for(_last_words(process), patience_s)
    except TimeoutError:
        return {"problem": TOO_HEAVY}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    status = await process.wait()
    if status == 0:
        report: dict[str, Any] = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        return report
    if status == -signal.SIGXCPU:
        return {"problem": TOO_HEAVY}
    if -status in CRASHES:
        return {"problem": CRASHED}
    raise BoxStopped(status, words)


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """Read what the box says to its end; only the last of it is kept, however much a decoder complains."""
    kept = b""
    while process.stderr is not None and (piece := await process.stderr.read(WORDS_KEPT)):
        kept = (kept + piece)[-WORDS_KEPT:]
    await process.wait()
    return kept.decode("utf-8", "replace")


def _bare_environment(folder: Path) -> dict[str, str]:
    """What the box may know: no setting, no secret."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder), "TMPDIR": str(folder)}


async def _keep(item_id: UUID, still: Mapping[str, Any], folder: Path) -> UUID:
    at = doors()
    facts: dict[str, Json] = {name: still[name] for name in ("at_ms", "width_px", "height_px")}
    return await at.custody.keep_derived(
        item_id,
        f"frame:{still['at_ms']:08d}",
        await asyncio.to_thread((folder / still["file"]).read_bytes),
        media_type="image/jpeg",
        actor=ACTOR,
        facts=facts,
        now=at.now(),
    )
