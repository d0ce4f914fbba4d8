"""The Merkle log, held against the published vectors, against its definition, and against forgers."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import ledger

# Inputs, roots and proofs of the reference implementation of RFC 6962 (certificate-transparency, merkle_tree_test).
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf counted from 1, tree size, proof)
INCLUSIONS: list[tuple[int, int, list[str]]] = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
# (old size, new size, proof)
CONSISTENCIES: list[tuple[int, int, list[str]]] = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
LEAVES = [ledger.leaf_hash(data) for data in INPUTS]

sizes = st.integers(min_value=1, max_value=70)


def leaves_of(size: int) -> list[bytes]:
    return [ledger.leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def frontier_of(leaves: list[bytes]) -> ledger.Frontier:
    frontier = ledger.Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    return frontier


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert ledger.root_of(LEAVES[:size]).hex() == ROOTS[size]
    assert frontier_of(LEAVES[:size]).root().hex() == ROOTS[size]


@pytest.mark.parametrize(("leaf", "size", "proof"), INCLUSIONS)
def test_inclusion_proofs_are_those_of_the_reference(leaf: int, size: int, proof: list[str]) -> None:
    made = ledger.inclusion_proof(leaf - 1, LEAVES[:size])

    assert [step.hex() for step in made] == proof
    assert ledger.is_included(LEAVES[leaf - 1], leaf - 1, size, made, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCIES)
def test_consistency_proofs_are_those_of_the_reference(old: int, new: int, proof: list[str]) -> None:
    made = ledger.consistency_proof(old, LEAVES[:new])

    assert [step.hex() for step in made] == proof
    assert ledger.is_consistent(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), made)


@given(sizes)
def test_growing_one_by_one_gives_the_root_of_the_definition(size: int) -> None:
    leaves = leaves_of(size)

    assert frontier_of(leaves).root() == ledger.root_of(leaves)


@given(st.data(), sizes)
def test_every_leaf_is_included_at_its_place_and_at_no_other(data: st.DataObject, size: int) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size + 3))
    root = ledger.root_of(leaves)

    proof = ledger.inclusion_proof(index, leaves)

    assert len(proof) <= size.bit_length()
    assert ledger.is_included(leaves[index], index, size, proof, root)
    assert ledger.is_included(leaves[index], other, size, proof, root) == (other == index)
    assert not ledger.is_included(ledger.leaf_hash(b"forged"), index, size, proof, root)
    assert not ledger.is_included(leaves[index], index, size, [*proof, root], root)
    assert not proof or not ledger.is_included(leaves[index], index, size, proof[:-1], root)


@given(st.data(), sizes)
def test_every_beginning_is_consistent_and_a_changed_one_is_not(data: st.DataObject, size: int) -> None:
    leaves = leaves_of(size)
    old_size = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old_size - 1))
    old_root, new_root = ledger.root_of(leaves[:old_size]), ledger.root_of(leaves)
    forged = [*leaves]
    forged[changed] = ledger.leaf_hash(b"forged")

    proof = ledger.consistency_proof(old_size, leaves)

    assert ledger.is_consistent(old_size, old_root, size, new_root, proof)
    forged_proof = ledger.consistency_proof(old_size, forged)
    assert not ledger.is_consistent(old_size, old_root, size, ledger.root_of(forged), forged_proof)
    assert not ledger.is_consistent(old_size, old_root, size, new_root, [*proof, new_root])
    if proof:
        assert not ledger.is_consistent(old_size, old_root, size, new_root, proof[:-1])


@given(st.data(), st.integers(2, 40))
def test_a_log_never_shows_itself_older_or_shorter_than_it_is(data: st.DataObject, size: int) -> None:
    leaves = leaves_of(size)
    old_size = data.draw(st.integers(1, size - 1))
    proof = ledger.consistency_proof(old_size, leaves)

    backwards = ledger.is_consistent(size, ledger.root_of(leaves), old_size, ledger.root_of(leaves[:old_size]), proof)

    assert not backwards
    assert not ledger.is_consistent(0, ledger.EMPTY_ROOT, size, ledger.root_of(leaves), [])


def test_a_proof_longer_than_the_log_is_high_is_refused() -> None:
    """A leaf of a larger log must not pass for the only leaf of a log with the same root."""
    root = ledger.root_of(LEAVES[:2])

    assert not ledger.is_included(LEAVES[1], 0, 1, [LEAVES[0]], root)
    assert not ledger.is_included(LEAVES[0], 0, 1, [LEAVES[1]], root)


def test_a_proof_shorter_than_the_log_is_high_is_refused() -> None:
    """An inner node must not pass for a leaf, nor a log for a longer one."""
    root = ledger.root_of(LEAVES[:2])

    assert not ledger.is_included(root, 0, 2, [], root)
    assert not ledger.is_consistent(1, root, 2, root, [])


def test_a_consistency_proof_longer_than_the_log_is_high_is_refused() -> None:
    old_root, new_root = ledger.root_of(LEAVES[:3]), ledger.root_of(LEAVES[:4])
    proof, more = ledger.consistency_proof(3, LEAVES[:4]), LEAVES[7]

    assert ledger.is_consistent(3, old_root, 4, new_root, proof)
    higher = ledger.node_hash(more, old_root), ledger.node_hash(more, new_root)
    assert not ledger.is_consistent(3, higher[0], 4, higher[1], [*proof, more])


def test_leaves_and_nodes_cannot_be_taken_for_one_another() -> None:
    left, right = LEAVES[:2]

    assert ledger.leaf_hash(left + right) != ledger.node_hash(left, right)


def test_an_entry_is_hashed_with_its_salt_before_its_record() -> None:
    salt, record = bytes(range(16)), b'{"act":"received"}'

    assert ledger.entry_hash(salt, record) == hashlib.sha256(b"\x00" + salt + record).digest()
    with pytest.raises(ValueError, match="16 bytes"):
        ledger.entry_hash(salt[:-1], record)


@pytest.mark.parametrize(("size", "hashes"), [(-1, ()), (1, ()), (3, (b"x" * 32,)), (0, (b"x" * 32,))])
def test_a_frontier_that_no_log_can_have_is_refused(size: int, hashes: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="subtrees"):
        ledger.Frontier(size=size, hashes=hashes)


def test_proofs_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(IndexError):
        ledger.inclusion_proof(8, LEAVES)
    with pytest.raises(ValueError, match="begins"):
        ledger.consistency_proof(9, LEAVES)
    with pytest.raises(ValueError, match="begins"):
        ledger.consistency_proof(0, LEAVES)


def test_times_are_spelled_in_utc_with_microseconds() -> None:
    shanghai = datetime(2021, 3, 1, 8, 30, tzinfo=timezone(timedelta(hours=8)))

    assert ledger.moment(shanghai) == "2021-03-01T00:30:00.000000+00:00"
    assert ledger.moment(datetime(2021, 3, 1, microsecond=7, tzinfo=UTC)) == "2021-03-01T00:00:00.000007+00:00"
    with pytest.raises(ValueError, match="timezone-aware"):
        ledger.moment(datetime(2021, 3, 1))  # noqa: DTZ001  the point of the test
