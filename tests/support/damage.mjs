// Damage on purpose: bits that a disk has turned, in every file that holds what people gave, and a journal that somebody changed with
// the disk in hand. Each trial changes one thing of a folder that lies still and asks the program whether it sees it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Trial, dice } from './faults.mjs';
import { Office, openOffice } from './office.mjs';

const pause = ms => new Promise(done => setTimeout(done, ms));
const dataFiles = data => fs.readdirSync(data, { recursive: true }).map(String).filter(name => fs.statSync(path.join(data, name)).isFile());

// Everything of the folder as it is now, to be put back in place: the files stay the same ones (inodes), only their bytes change.
class Still {
  constructor(data) {
    this.data = data;
    this.files = new Map(dataFiles(data).filter(name => !/-shm$|^lock$|^spool|^cache/.test(name)).map(name => [name, fs.readFileSync(path.join(data, name))]));
  }

  put() {
    for (const name of dataFiles(this.data)) if (!this.files.has(name) && !/^lock$/.test(name)) fs.rmSync(path.join(this.data, name));
    for (const [name, bytes] of this.files) fs.writeFileSync(path.join(this.data, name), bytes);
  }
}

const looked = ['store', 'journal', 'keys', 'pages', 'contents', 'numbers'];

// What `doctor --full` says that is not well; '' when all is.
async function examine(office) {
  const said = await office.command('doctor', '--full', '--json');
  if (said.code !== 0 && !said.stdout) return said.stderr || `exit ${said.code}`;
  const found = JSON.parse(said.stdout);
  return looked.map(name => found.find(f => f.name === name)).filter(f => !f?.well).map(f => `${f?.name}: ${f?.detail}`).join('; ');
}

// An office that has worked and lies still: killed, so that its log still holds the last changes, or stopped.
async function worked({ isKilled }) {
  const t = await Trial.open();
  await t.work(40);
  await pause(2500); // what the log holds is promised
  await t.restart({ signal: isKilled ? 'SIGKILL' : 'SIGTERM' });
  await t.work(20);
  await pause(2500);
  await t.office.stop(isKilled ? 'SIGKILL' : 'SIGTERM');
  return t;
}

// One bit of one file, chosen by a seed. Found, or harmless: the file is one that nothing names, or a key that reads the same.
export async function turnedBits({ count, seed = 1, tell = () => {} }) {
  const roll = dice(seed), figures = { trials: 0, found: 0, harmless: 0, undetected: 0 }, each = 50;
  while (figures.trials < count) {
    const t = await worked({ isKilled: roll(2) === 0 }), still = new Still(t.office.data);
    try {
      const papers = [...t.ledger.values()].map(fact => path.join('files', fact.file.slice(0, 2), fact.file.slice(2)));
      assert.equal(await examine(t.office), '', 'well before');
      for (let i = 0; i < each && figures.trials < count; i++) {
        still.put();
        const kinds = [['motcua.db'], ['motcua.db'], ['motcua.db'], papers, ['keys/identity.key', 'keys/journal.key'], ['motcua.db-wal']];
        const names = kinds[roll(kinds.length)].filter(name => still.files.get(name)?.length > 0);
        const name = names[roll(names.length)] ?? 'motcua.db', bytes = still.files.get(name), at = roll(bytes.length), bit = roll(8);
        const turned = Buffer.from(bytes);
        turned[at] ^= 1 << bit;
        fs.writeFileSync(path.join(t.office.data, name), turned);
        const said = await examine(t.office);
        figures.trials++;
        const kind = name.replace(/\/.*/, '').replace(/^motcua\./, '');
        figures[`in_${kind}`] = (figures[`in_${kind}`] ?? 0) + 1;
        if (said) figures.found++;
        else if (name === 'keys/journal.key') figures.harmless++; // every signature was checked with it
        else figures.undetected++;
        if (!said && name !== 'keys/journal.key') console.error(`not found: ${name} byte ${at} bit ${bit}`);
        tell(figures);
      }
    } finally {
      await t.close();
    }
  }
  assert.equal(figures.undetected, 0, JSON.stringify(figures));
  return figures;
}

// ---- the journal, changed by somebody who has the disk ----

// The sums of all pages anew, as src/store/store_page.c makes them: they find accidents, not people.
function seal(file) {
  const bytes = fs.readFileSync(file), most = (1n << 64n) - 1n;
  const mix = (sum, word) => {
    const x = sum ^ word;
    return (((x << 31n) | (x >> 33n)) & most) * 0x9E3779B97F4A7C15n & most;
  };
  for (let page = 0; page < bytes.length / 4096; page++) {
    const number = BigInt(page + 1), lanes = [number, number + 1n, number + 2n, number + 3n], from = page * 4096;
    for (let i = 0; i < 4088 / 8; i++) lanes[i % 4] = mix(lanes[i % 4], bytes.readBigUInt64LE(from + i * 8));
    let sum = 4088n;
    for (const lane of lanes) sum = mix(sum, lane);
    bytes.writeBigUInt64LE(sum ^ (sum >> 32n), from + 4088);
  }
  fs.writeFileSync(file, bytes);
}

const triggers = ['entry_is_never_updated', 'entry_is_never_deleted', 'leaf_is_never_updated', 'leaf_is_never_deleted'];

// Each with the sentence of what it does; n: a position, of so many; x: a number to make it another one.
const mutations = {
  edit: [
    n => `UPDATE entry SET payload = payload || ' ' WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET at = at + 1 WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET act = act || 'x' WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET actor = actor + 1 WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET actor_role = actor_role || 'x' WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET subject = subject + 1 WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET version = version + 1 WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET salt = randomblob(16) WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE entry SET payload_hash = randomblob(32) WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `UPDATE leaf SET hash = randomblob(32) WHERE position = ${n}`,
    () => 'UPDATE checkpoint SET root = randomblob(32) WHERE size = (SELECT max(size) FROM checkpoint)',
    () => 'UPDATE checkpoint SET signature = NULL WHERE size = (SELECT max(size) FROM checkpoint)',
    () => 'UPDATE checkpoint SET signature = randomblob(64) WHERE size = (SELECT max(size) FROM checkpoint)',
    () => 'UPDATE checkpoint SET at = at + 1 WHERE size = (SELECT min(size) FROM checkpoint)',
  ],
  delete: [
    n => `DELETE FROM entry WHERE id = (SELECT entry FROM leaf WHERE position = ${n})`,
    n => `CREATE TEMP TABLE gone AS SELECT entry FROM leaf WHERE position = ${n}; DELETE FROM leaf WHERE position = ${n}; DELETE FROM entry WHERE id IN (SELECT entry FROM gone)`,
    n => `CREATE TEMP TABLE gone AS SELECT entry FROM leaf WHERE position = ${n}; DELETE FROM leaf WHERE position = ${n}; DELETE FROM entry WHERE id IN (SELECT entry FROM gone);
          UPDATE leaf SET position = -position WHERE position > ${n}; UPDATE leaf SET position = -position - 1 WHERE position < 0`,
  ],
  reorder: [
    (n, m) => `UPDATE leaf SET position = -1 WHERE position = ${n}; UPDATE leaf SET position = ${n} WHERE position = ${m}; UPDATE leaf SET position = ${m} WHERE position = -1`,
  ],
  // Consistent in itself: entries, leaves, checkpoints and the frontier end earlier, as they once did.
  truncate: [
    n => `CREATE TEMP TABLE upto AS SELECT coalesce(max(size), 0) AS size FROM checkpoint WHERE size <= ${n};
          DELETE FROM entry WHERE id IN (SELECT entry FROM leaf WHERE position > (SELECT size FROM upto)); DELETE FROM leaf WHERE position > (SELECT size FROM upto);
          DELETE FROM checkpoint WHERE size > (SELECT size FROM upto); UPDATE follower SET position = (SELECT size FROM upto)`,
  ],
  // Told anew from the genesis of an office that made other entries and sealed them with the same key.
  fork: [],
};

export async function changedJournals({ count, seed = 1, tell = () => {} }) {
  const roll = dice(seed), figures = { trials: 0, found: 0, undetected: 0 };
  const office = await openOffice({ serve: false, dossiers: true }), fork = new Office(path.join(office.folder, 'fork'));
  try {
    await office.command('doctor');
    fs.cpSync(office.data, fork.data, { recursive: true });
    await work(office);
    const base = JSON.parse((await office.command('audit', 'verify', '--json')).stdout);
    await work(fork);
    const still = new Still(office.data), forked = fs.readFileSync(path.join(fork.data, 'motcua.db')), kept = `${base.size}:${base.root}`;
    assert.equal((await office.command('audit', 'verify', '--head', kept)).code, 0);
    assert.equal((await fork.command('audit', 'verify')).code, 0, 'the other one is whole in itself');
    const kinds = Object.keys(mutations);
    for (; figures.trials < count; figures.trials++) {
      still.put();
      const kind = kinds[figures.trials % kinds.length], db = path.join(office.data, 'motcua.db'), list = mutations[kind];
      let sql = '';
      if (kind === 'fork') {
        fs.writeFileSync(db, forked);
      } else {
        const n = 1 + roll(base.size - 1), m = 1 + (n + roll(base.size - 2)) % (base.size - 1);
        sql = list[roll(list.length)](n, m === n ? n + 1 : m);
        execFileSync('sqlite3', [db, `PRAGMA foreign_keys = OFF; ${triggers.map(name => `DROP TRIGGER ${name};`).join(' ')} ${sql};`], { stdio: ['ignore', 'ignore', 'pipe'] });
        seal(db);
      }
      const answer = await office.command('audit', 'verify', '--head', kept);
      figures[`by_${kind}`] = (figures[`by_${kind}`] ?? 0) + 1;
      if (answer.code === 0) {
        figures.undetected++;
        console.error(`not found: ${kind} ${sql}`);
      } else {
        assert.doesNotMatch(answer.stderr, /tổng kiểm|bị hỏng/, 'the journal finds it, not the pages');
        figures.found++;
      }
      tell({ ...figures, trials: figures.trials + 1 });
    }
    assert.equal(figures.undetected, 0, JSON.stringify(figures));
    return figures;
  } finally {
    await office.close();
  }
}

// Some changes more, sealed.
async function work(office) {
  await office.serve();
  for (const login of ['congdan', 'tiepnhan', 'lanhdao']) await office.signIn(login);
  const admin = await office.as('quantri');
  for (let i = 0; i < 4; i++) await admin.get('/api/v1/me');
  await pause(1500);
  await office.stop();
}
