#!/usr/bin/env python3
"""Writes the frozen tree, frontier and range: python3 tree_files.py FOLDER.

Written from RFC 6962 and the form in docs/spec/tree-file.md: three entries, the tree pruned below leaf 1.
"""

import hashlib
import pathlib
import sys


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(value):
    return value.to_bytes(8, "big")


LEAVES = [sha256(b"\0", entry) for entry in (b"login", b"read", b"logout")]
PAIR = sha256(b"\1", LEAVES[0], LEAVES[1])
ROOT = sha256(b"\1", PAIR, LEAVES[2])
INNER = sha256(b"\1", LEAVES[1], LEAVES[2])


def file(tag, numbers, hashes, root):
    head = tag + b"\n" + b"".join(map(number, numbers))
    return head + b"".join(hashes) + sha256(head, root)


def hexadecimal(data):
    digits = data.hex()
    lines = [digits[at:at + 64] for at in range(0, len(digits), 64)]
    return "\n".join(["hex", *lines, ""])


FILES = {
    # The partial tile of level 0 at size 1 is leaf 0.
    "tree_file_v1.hex": file(b"auditmesh tree v1", [1, 3], [LEAVES[0], LEAVES[1], LEAVES[2]], ROOT),
    "frontier_file_v1.hex": file(b"auditmesh frontier v1", [3], [PAIR, LEAVES[2]], ROOT),
    # Leaves 1 and 2 are no complete subtree: each stands alone.
    "range_file_v1.hex": file(b"auditmesh range v1", [1, 3], [LEAVES[1], LEAVES[2]], INNER),
}

for name, data in FILES.items():
    pathlib.Path(sys.argv[1], name).write_text(hexadecimal(data))
