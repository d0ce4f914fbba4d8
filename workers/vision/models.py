"""The networks this package reads with: where their files lie and how they are opened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import onnxruntime

THREADS = 2
"""A worker never takes more than two processor cores, whatever the machine has."""

MODELS = Path(__file__).with_name("models")
RECOGNISER = "ch_PP-OCRv4_rec_infer.onnx"
FALLBACK_RECOGNISER = "PP-OCRv6_rec_small.onnx"
DETECTOR = "PP-OCRv6_det_small.onnx"


class ModelMissing(Exception):
    """A network's file is absent: the installation is incomplete (`make setup` mends it)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"model file {name} is missing")
        self.name = name


@dataclass(frozen=True, slots=True)
class Network:
    """An opened network: its short name for records, its session, and its characters (none for a detector)."""

    name: str
    session: onnxruntime.InferenceSession
    characters: tuple[str, ...] = ()


@cache
def detector() -> Network:
    """Return the text detector that comes in the rapidocr wheel; opened once a process.

    Raises:
        ModelMissing: rapidocr is not installed whole.
    """
    return Network("PP-OCRv6_det_small", _open(_in_wheel(DETECTOR)))


@cache
def recogniser(folder: Path = MODELS) -> Network:
    """Return the line recogniser: PP-OCRv4 from `folder`, else the PP-OCRv6 one of the wheel.

    PP-OCRv4 reads province characters well, PP-OCRv6 does not (docs/decisions/0006-first-hints.md); the name tells
    which one read.

    Raises:
        ModelMissing: neither is there.
    """
    preferred = folder / RECOGNISER
    if preferred.is_file():
        return _with_characters("PP-OCRv4_rec", _open(preferred))
    return _with_characters("PP-OCRv6_rec_small (fallback)", _open(_in_wheel(FALLBACK_RECOGNISER)))


def _with_characters(name: str, session: onnxruntime.InferenceSession) -> Network:
    listed = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    classes = session.get_outputs()[0].shape[2]
    if listed and not listed[-1]:  # a final line break, where the writer left one
        listed.pop()
    characters = ("", *listed, " ")  # class 0 is CTC's blank; the space is the last class and stands in no list
    if len(characters) != classes:
        raise ModelMissing(name)
    return Network(name, session, characters)


def _in_wheel(name: str) -> Path:
    spec = find_spec("rapidocr")  # located, never imported: its own pipeline is not used
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "models" / name
        if path.is_file():
            return path
    raise ModelMissing(name)


def _open(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # pictures differ in size; the arena would keep the largest for ever
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the neighbours need the cores too
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
