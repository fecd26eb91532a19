// Checks an `audit export` by docs/audit_exports.md alone: nothing of the program is asked. Gives what is wrong, a word each; none: it is true.
import crypto from 'node:crypto';

const sha = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest();
const hex = text => Buffer.from(text, 'hex');
const number = n => { const b = Buffer.alloc(8); b.writeBigInt64BE(BigInt(n)); return b; };
const field = bytes => { const length = Buffer.alloc(4); length.writeUInt32BE(bytes.length); return Buffer.concat([length, bytes]); };

function leafOf(e) {
  const parts = [Buffer.from('motcua entry 1'), number(e.id), number(e.at_us), Buffer.from(e.subject_kind), number(e.subject), number(e.version), Buffer.from(e.act),
    number(e.actor), number(e.actor_agency), Buffer.from(e.role), Buffer.from(e.origin)];
  return sha(Buffer.from([0]), sha(...parts.map(field)), hex(e.payload_hash));
}

// RFC 9162, section 2.1.3.2, word for word.
function rootOf(e, size, leaf) {
  let at = e.position - 1, last = size - 1, root = leaf;
  for (const beside of e.proof.map(hex)) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = sha(Buffer.from([1]), beside, root);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else root = sha(Buffer.from([1]), root, beside);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : undefined;
}

export function mistakesOf({ checkpoint: c, entries }) {
  const found = [], spki = Buffer.concat([hex('302a300506032b6570032100'), hex(c.key)]);
  const key = crypto.createPublicKey({ key: spki, format: 'der', type: 'spki' });
  if (!crypto.verify(null, Buffer.from(`motcua/${c.origin}\n${c.size}\n${c.root}\n${c.at_us}\n`), key, hex(c.signature))) found.push('signature');
  for (const e of entries) {
    if (e.payload !== null && !sha(hex(e.salt), Buffer.from(e.payload)).equals(hex(e.payload_hash))) found.push(`payload ${e.position}`);
    if (leafOf(e).toString('hex') !== e.leaf) found.push(`leaf ${e.position}`);
    if (rootOf(e, c.size, leafOf(e))?.toString('hex') !== c.root) found.push(`place ${e.position}`);
  }
  return found;
}
