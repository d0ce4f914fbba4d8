"""Argon2id of passwords, in two threads of their own: a rush of sign-ins neither stalls the face nor eats memory."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106, second recommended option: 64 MiB and three passes for each try.
HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_THREADS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


async def hash_password(password: str) -> str:
    """Return the Argon2id hash of `password` as a PHC string with a fresh salt."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, HASHER.hash, password)


async def is_password(password: str, password_hash: str | None) -> bool:
    """Tell whether `password` belongs to `password_hash`; None does the same work and answers no.

    A stored value that is no hash at all (an account without a password) answers no after the same work.
    """
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, password, password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        HASHER.verify(password_hash or _of_nobody(), password)
    except InvalidHashError:
        return _verify(password, None)
    except VerificationError:
        return False
    return password_hash is not None


@cache
def _of_nobody() -> str:
    return HASHER.hash("a password that no account has")
