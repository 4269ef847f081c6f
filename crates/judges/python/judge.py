"""Judges receipts with scitt-cose and pycose, which know nothing of AuditMesh.

    judge.py scitt-inclusion DIR     DIR/inclusion.cose is a receipt of DIR/entry
    judge.py scitt-consistency DIR   DIR/consistency.cose ties DIR/checkpoint.0 to DIR/checkpoint.1
    judge.py pycose DIR              both are signed over the root of DIR/checkpoint.1

Exit code 1: refused. Exit code 2: not judged.
"""

import base64
import sys
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pycose.keys import OKPKey
from pycose.messages import Sign1Message
from scitt_cose.cose_sign1 import verify_sign1
from scitt_cose.merkle import verify_consistency
from scitt_cose.receipt import verify_receipt

PROOFS, CONSISTENCY, STRUCTURE, ALGORITHM = 396, -2, 395, 1


class Refused(Exception):
    """What was shown does not hold."""


def head(folder, step):
    _origin, size, root = (folder / f"checkpoint.{step}").read_text().split("\n")[:3]
    return int(size), base64.b64decode(root)


def scitt_inclusion(folder):
    receipt, entry = (folder / "inclusion.cose").read_bytes(), (folder / "entry").read_bytes()
    key = (folder / "key.pem").read_bytes()
    result = verify_receipt(receipt, leaf_entry_hex=entry.hex(), log_public_key_pem=key)
    size, root = head(folder, 1)
    if not result.ok or result.root != root.hex() or result.tree_size != size:
        raise Refused(result.errors or "another root or size")
    return f"scitt_cose.verify_receipt: leaf {result.leaf_index} of {result.tree_size}"


def scitt_consistency(folder):
    receipt, key = (folder / "consistency.cose").read_bytes(), (folder / "key.pem").read_bytes()
    (old, old_root), (new, new_root) = head(folder, 0), head(folder, 1)
    labels = frozenset({ALGORITHM, STRUCTURE})
    signed = verify_sign1(receipt, public_key_pem=key, detached_payload=new_root, understood_labels=labels)
    (proof,) = signed.unprotected[PROOFS][CONSISTENCY]
    first, second, path = cbor2.loads(proof)
    hashes = [bytes(node).hex() for node in path]
    holds = verify_consistency(old_root.hex(), new_root.hex(), first, second, hashes)
    if (first, second) != (old, new) or not holds:
        raise Refused("the proof does not tie the two roots")
    return f"scitt_cose.verify_sign1, verify_consistency: {second} leaves continue {first}"


def pycose(folder):
    public = load_pem_public_key((folder / "key.pem").read_bytes()).public_bytes_raw()
    _size, root = head(folder, 1)
    for name in ("inclusion.cose", "consistency.cose"):
        message = Sign1Message.decode((folder / name).read_bytes())
        message.key = OKPKey(crv="ED25519", x=public)
        if not message.verify_signature(detached_payload=root):
            raise Refused(f"the signature of {name} does not verify")
    return "pycose Sign1Message: both receipts are signed over the root"


JUDGES = {"scitt-inclusion": scitt_inclusion, "scitt-consistency": scitt_consistency, "pycose": pycose}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in JUDGES or not Path(sys.argv[2]).is_dir():
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    try:
        print(JUDGES[sys.argv[1]](Path(sys.argv[2])))
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # Whatever a judge says of a changed byte, it refuses it.
        print(f"refused: {type(error).__name__}: {error}")
        sys.exit(1)
