"""One spelling for one record: the JSON of RFC 8785 for text, whole numbers, truth values, nothing, lists and maps.

A digest covers bytes, so a record must have exactly one spelling. Fractions are refused instead of spelled: write
milliseconds, bits or text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"

# Past it a reader that keeps numbers as doubles would see another number (RFC 8785, 3.2.2.3).
LARGEST_WHOLE: Final = 2**53 - 1


def canonical_json(value: Json) -> bytes:
    """Return the canonical UTF-8 JSON of `value`.

    Raises:
        ValueError: it holds a number out of range, text with half a surrogate pair, or a key that is not text.
        TypeError: it holds anything else, a float above all.

    Source: RFC 8785 (JSON Canonicalization Scheme).
    """
    return _spelled(value).encode("utf-8")


def _spelled(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > LARGEST_WHOLE:
            raise ValueError(f"{value} does not fit into 53 bits")
        return str(int(value))
    if isinstance(value, Mapping):
        return _spelled_map(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(_spelled(one) for one in value)}]"
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def _spelled_map(value: Mapping[str, Json]) -> str:
    for key in value:
        if not isinstance(key, str):
            raise ValueError(f"a key must be text, is {key!r}")  # noqa: TRY004  the map's content, not its type
    # The order of UTF-16 code units, which differs from that of code points above U+FFFF.
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return f"{{{','.join(f'{_spelled(key)}:{_spelled(value[key])}' for key in keys)}}}"
