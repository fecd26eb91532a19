// Starting where the disk takes nothing: full, or mounted read-only. Needs a disk of the trial's own (disk.mjs).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Disk } from './disk.mjs';
import { Trial } from './faults.mjs';

// Every byte of the disk that is left, down to the last block.
function fill(file) {
  const fd = fs.openSync(file, 'w');
  for (let piece = 1 << 20; piece >= 512; piece /= 2) {
    const bytes = Buffer.alloc(piece, 1);
    try {
      for (;;) fs.writeSync(fd, bytes);
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    }
  }
  fs.closeSync(fd);
}

// How a start went: opened and what it answers, or what it said and its code.
async function start(t) {
  t.office.log = '';
  const opened = await t.office.serve([], t.luck.env).then(() => true, () => false);
  if (!opened) return { opened, ...(await t.office.stop()), said: t.office.log.split('\n').filter(line => line && !/^time=/.test(line)).join(' ') };
  const [first] = t.ledger.values(), seen = await t.citizen.get(`/api/v1/dossiers/${first.code}`), ready = await t.citizen.get('/readyz');
  const sent = await t.citizen.post('/api/v1/dossiers', t.body, { headers: { 'idempotency-key': 'start' } });
  await t.office.stop('SIGKILL');
  return { opened, read: seen.status, ready: ready.status, sent: sent.status, said: sent.body.detail };
}

// A backup that finds less room than its copy of the database takes: what it says; nothing of it is left, and the office goes on.
export async function backsUpWithoutRoom() {
  const disk = new Disk({ megabytes: 96 }), t = await Trial.open({ folder: path.join(disk.at, 'data') }), ballast = path.join(disk.at, 'ballast');
  const backup = () => t.office.command('backup', path.join(t.office.folder, `${t.keys}.backup`));
  try {
    await t.work(4);
    fill(ballast);
    fs.truncateSync(ballast, fs.statSync(ballast).size - (2 << 20));
    const refused = await backup(), spool = fs.readdirSync(path.join(t.office.data, 'spool'));
    await t.work(2);
    fs.rmSync(ballast);
    const made = await backup();
    assert.deepEqual(await t.missing(), []);
    return { refused, spool, made, acknowledged: t.ledger.size };
  } finally {
    await t.close();
    disk.close();
  }
}

// {full, readOnly}: how a start went on each; afterwards, with room again, everything acknowledged is there.
export async function startsWhereNothingIsTaken() {
  const disk = new Disk({ megabytes: 96 }), t = await Trial.open({ folder: path.join(disk.at, 'data') }), ballast = path.join(disk.at, 'ballast');
  try {
    await t.work(12);
    await t.office.stop('SIGKILL');
    fill(ballast);
    const full = await start(t);
    fs.rmSync(ballast);
    disk.remount('loop,ro');
    const readOnly = await start(t);
    disk.remount();
    await t.restart();
    assert.deepEqual(await t.missing(), []);
    await t.verify();
    return { full, readOnly };
  } finally {
    await t.close();
    disk.close();
  }
}
