#!/usr/bin/env python3
"""Prints the frozen receipts and the frozen intent of a publisher: python3 receipts.py FOLDER writes them.

Written from RFC 6962, RFC 8949, RFC 9052 and RFC 9942 alone; signatures are those of the package `cryptography`.
"""

import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ENTRIES = [f"entry {number}".encode() for number in range(8)]
KEY = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def half(count):
    """The largest power of two below count."""
    return 1 << (count - 1).bit_length() - 1


def root(entries):
    if len(entries) == 1:
        return sha256(b"\0", entries[0])
    k = half(len(entries))
    return sha256(b"\1", root(entries[:k]), root(entries[k:]))


def inclusion(index, entries):
    if len(entries) == 1:
        return []
    k = half(len(entries))
    if index < k:
        return inclusion(index, entries[:k]) + [root(entries[k:])]
    return inclusion(index - k, entries[k:]) + [root(entries[:k])]


def consistency(old, entries, whole=True):
    if old == len(entries):
        return [] if whole else [root(entries)]
    k = half(len(entries))
    if old <= k:
        return consistency(old, entries[:k], whole) + [root(entries[k:])]
    return consistency(old - k, entries[k:], False) + [root(entries[:k])]


def head(major, number):
    for short, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 24:
            return bytes([major << 5 | number])
        if number < 1 << 8 * size:
            return bytes([major << 5 | short]) + number.to_bytes(size, "big")
    raise ValueError(number)


def cbor(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = sorted((cbor(label), cbor(item)) for label, item in value.items())
    return head(5, len(pairs)) + b"".join(label + item for label, item in pairs)


def receipt(label, first, second, path, signed_root):
    protected = cbor({1: -8, 395: 1})
    signature = KEY.sign(cbor(["Signature1", protected, b"", signed_root]))
    proofs = {396: {label: [cbor([first, second, path])]}}
    return head(6, 18) + cbor([protected, proofs, None, signature])


def hexadecimal(data):
    digits = data.hex()
    lines = [digits[at:at + 64] for at in range(0, len(digits), 64)]
    return "\n".join(["hex", *lines, ""])


FILES = {
    "inclusion_receipt_v1.hex": hexadecimal(receipt(-1, 7, 6, inclusion(6, ENTRIES[:7]), root(ENTRIES[:7]))),
    "consistency_receipt_v1.hex": hexadecimal(receipt(-2, 7, 8, consistency(7, ENTRIES), root(ENTRIES))),
    "publishing_v1.txt": "auditmesh publishing v1\n1024 2048\n",
}

for name, text in FILES.items():
    pathlib.Path(sys.argv[1], name).write_text(text)
