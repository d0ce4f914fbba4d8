"""Finds a Chromium for the browser journeys and prints its path; where there is none, tries to get one.

Order: the path in TIPLINE_CHROMIUM, a Chromium or Chrome on PATH, Playwright's own; then Playwright's download, then
(as root, on Debian and Ubuntu) the distribution's package. None: with CI=true a failure, else a loud list of what is
left out and an empty line of output.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tools.setup import ROOT, say

SETTING = "TIPLINE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> Path | None:
    """Return the browser that is already here, None when there is none.

    Raises:
        FileNotFoundError: TIPLINE_CHROMIUM names a file that does not exist.
    """
    named = os.environ.get(SETTING)
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"{SETTING} names {named}, which is not there")
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return playwrights_own()


def playwrights_own() -> Path | None:
    """Return the Chromium that Playwright downloaded earlier, None when it did not."""
    try:
        with sync_playwright() as playwright:
            path = Path(playwright.chromium.executable_path)
    except Error:
        return None
    return path if path.is_file() else None


def fetch() -> Path | None:
    """Try to get a browser: Playwright's download, then the distribution's package when we are root."""
    say("no Chromium here; trying Playwright's download")
    log = ROOT / ".setup" / "browser.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        try:
            subprocess.run(
                [sys.executable, "-m", "playwright", "install", "chromium"],
                stdout=file,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=600,
            )
        except subprocess.TimeoutExpired:
            say("Playwright's download took more than ten minutes; given up")
        found = playwrights_own()
        if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
            say("trying the distribution's package")
            for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
                subprocess.run(["apt-get", *arguments], stdout=file, stderr=subprocess.STDOUT, check=False)
            program = shutil.which("chromium")
            found = Path(program) if program else None
    return found


def left_out() -> list[str]:
    """Return the names of the tests that cannot run without a browser."""
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "journey", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    ).stdout
    return [line for line in listed.splitlines() if "::" in line]


def main() -> int:
    """Print the browser's path (or nothing); 1 when there is none and CI demands one."""
    try:
        found = find() or fetch()
    except FileNotFoundError as problem:
        say(str(problem))
        return 1
    if found:
        print(found)
        return 0
    if os.environ.get("CI") == "true":
        say("CI=true and no browser: the journeys cannot be left out here")
        return 1
    names = left_out()
    say(f"NO BROWSER: {len(names)} journeys are LEFT OUT. Install Chromium, or name one in {SETTING}. Left out:")
    for name in names:
        say(f"  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
