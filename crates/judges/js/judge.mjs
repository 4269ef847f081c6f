// Judges a proof file with @sigstore/verify, which knows nothing of AuditMesh.
//
//   node judge.mjs DIR VKEY   DIR/proof/7.tlog-proof leads from DIR/proof/7.entry to a checkpoint that VKEY signed
//
// The package's door takes whole Sigstore bundles, with certificates and entry types of its own, so the module behind it
// that checks a log entry's inclusion is called by its path. Exit code 1: refused. Exit code 2: not judged.

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { verifyTLogInclusion } = createRequire(import.meta.url)('@sigstore/verify/dist/tlog/index.js');

// What precedes the 32 bytes of an Ed25519 key in SPKI.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function authority(vkey) {
  const [, name, id, key] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  const der = Buffer.concat([SPKI, Buffer.from(key, 'base64').subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return { logID: Buffer.from(id, 'hex'), baseURL: name, publicKey };
}

function entry(file, body) {
  const end = file.indexOf('\n\n');
  const lines = file.slice(0, end).split('\n');
  const at = lines.findIndex((line) => line.startsWith('index '));
  return {
    canonicalizedBody: body,
    inclusionProof: {
      logIndex: lines[at].slice('index '.length),
      hashes: lines.slice(at + 1).map((line) => Buffer.from(line, 'base64')),
      checkpoint: { envelope: file.slice(end + 2) },
    },
  };
}

const [dir, vkey, ...more] = process.argv.slice(2);
if (!vkey || more.length > 0) {
  console.error('node judge.mjs DIR VKEY');
  process.exit(2);
}
let file, body;
try {
  file = readFileSync(join(dir, 'proof', '7.tlog-proof'), 'utf8');
  body = readFileSync(join(dir, 'proof', '7.entry'));
} catch (error) {
  console.error(error.message);
  process.exit(2);
}
try {
  const shown = entry(file, body);
  verifyTLogInclusion(shown, [authority(vkey)]);
  const { logIndex, hashes } = shown.inclusionProof;
  console.log(`verifyTLogInclusion: checkpoint signed, entry ${logIndex} included by ${hashes.length} hashes`);
} catch (error) {
  console.log(`refused: ${error.name}: ${error.message}`);
  process.exit(1);
}
