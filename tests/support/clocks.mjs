// The system's clock is put forward and back under people's hands (libfaketime before the real program; the clock that only measures
// stays): ids are unique and go up, each deadline is the one that its own moment gives, nobody is shut out.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { dice } from './faults.mjs';
import { openOffice, pdf, submission } from './office.mjs';

const names = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(machine => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`);
export const library = names.find(name => fs.existsSync(name));
const pause = ms => new Promise(done => setTimeout(done, ms));
const hour = 3600, day = 24 * hour;

// A busy machine is asked again.
async function patiently(client, ...what) {
  for (let tries = 0; ; tries++) {
    const answer = await client.post(...what);
    if (answer.status !== 503 || tries === 20) return answer;
    await pause(500);
  }
}

// The deadline that an office on the right clock gives at that moment.
async function dueAt(moment) {
  const office = await openOffice({ env: { MOTCUA_CLOCK: moment } });
  try {
    const [citizen, receiver] = [await office.as('congdan'), await office.as('tiepnhan')];
    const sent = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }));
    await receiver.act(sent.body.code, 'receive', {});
    return Date.parse((await citizen.get(`/api/v1/dossiers/${sent.body.code}`)).body.due_at);
  } finally {
    await office.close();
  }
}

export async function clockJumps({ count, seed = 1, tell = () => {} }) {
  const roll = dice(seed), office = await openOffice({ serve: false }), file = path.join(office.folder, 'clock');
  const set = async seconds => {
    fs.writeFileSync(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
    fs.renameSync(`${file}.new`, file);
    await pause(100);
  };
  const figures = { trials: 0, acknowledged: 0, back: 0, forward: 0, deadlines: 0 }, codes = new Set();
  try {
    await set(5 * day); // the demo begins today, and it goes back by days
    await office.serve([], { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' });
    const [citizen, receiver] = [await office.as('congdan'), await office.as('tiepnhan')];
    const body = await submission(citizen, '1.013285', { agency: 'G11' });
    for (let offset = 5 * day; figures.trials < count;) {
      const next = 5 * day + [0, hour, -hour, 3 * day, -3 * day, 20 * day][roll(6)] + roll(600);
      const people = Array.from({ length: 4 }, async (_, n) => {
        for (let i = 0; i < 4; i++) {
          const paper = await citizen.upload(pdf(`clock ${figures.trials} ${n} ${i} ${seed}`));
          assert.equal(paper.status, 201, paper.text);
          const sent = await patiently(citizen, '/api/v1/dossiers', { ...body, files: [{ ...body.files[0], file: paper.body.id }, ...body.files.slice(1)] });
          assert.equal(sent.status, 201, sent.text);
          assert.ok(!codes.has(sent.body.code), `${sent.body.code} was given twice`);
          codes.add(sent.body.code);
          figures.acknowledged++;
        }
      });
      await pause(roll(60));
      await set(next); // while they work
      await Promise.all(people);
      figures[next < offset ? 'back' : 'forward']++;
      offset = next;
      // What is received now has the moment of the clock as it stands, also when it stood in another year a moment ago.
      const sent = await patiently(citizen, '/api/v1/dossiers', body, { headers: { 'idempotency-key': `clock-${figures.trials}` } });
      assert.equal(sent.status, 201, sent.text);
      const got = await receiver.act(sent.body.code, 'receive', {});
      assert.equal(got.status, 200, got.text);
      const seen = (await citizen.get(`/api/v1/dossiers/${sent.body.code}`)).body, off = Date.parse(seen.received_at) - (Date.now() + offset * 1000);
      assert.ok(Math.abs(off) < 11 * 60 * 1000, `received ${off / 1000} s off the clock`);
      if (figures.trials % 5 === 0) {
        assert.ok(Math.abs(Date.parse(seen.due_at) - await dueAt(seen.received_at)) < 5 * 60 * 1000, `${seen.received_at}: due ${seen.due_at}`);
        figures.deadlines++;
      }
      await office.signIn('lanhdao'); // neither sessions nor limits are stuck in another time
      figures.trials++;
      tell(figures);
    }
    await office.stop();
    const verified = await office.command('audit', 'verify');
    assert.equal(verified.code, 0, verified.stderr);
    const ask = sql => execFileSync('sqlite3', ['-readonly', path.join(office.data, 'motcua.db'), sql]).toString().trim();
    assert.equal(ask('SELECT count(*) FROM leaf a JOIN leaf b ON b.position = a.position + 1 WHERE a.entry >= b.entry'), '0', 'ids go up');
    assert.equal(ask('SELECT count(*) FROM dossier GROUP BY id HAVING count(*) > 1'), '');
    return figures;
  } finally {
    await office.close();
  }
}
