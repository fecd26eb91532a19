// What happened to a dossier is handed out so that whoever gets it can check it alone: by our program on another machine, and by nothing of
// ours. Whatever is changed in it shows.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { mistakesOf } from './support/audit_export.mjs';
import { openOffice, submission } from './support/office.mjs';

let office, code, text, file;
before(async () => {
  office = await openOffice();
  file = `${office.folder}/audit.json`;
  const citizen = await office.as('congdan'), receiver = await office.as('tiepnhan'), specialist = await office.as('chuyenvien');
  for (let i = 0; i < 5; i++) code = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code;
  assert.equal((await receiver.act(code, 'receive')).status, 200);
  assert.equal((await specialist.act(code, 'examine', { note: 'Đã đối chiếu "bản gốc".' })).status, 200);
});
after(() => office.close());

const taken = async of => {
  const out = await office.command('audit', 'export', of);
  assert.equal(out.code, 0, out.stderr);
  return out.stdout;
};
// A program that has no office at all.
const verify = async changed => {
  fs.writeFileSync(file, changed);
  return office.command('verify', file, '--json');
};

test('every act is in it, and both our program and forty lines of somebody else find it true', async () => {
  text = await taken(code);
  const given = JSON.parse(text);
  assert.equal(given.dossier, code);
  assert.deepEqual(given.entries.map(e => e.act), ['submit', 'receive', 'examine']);
  assert.match(given.entries[2].payload, /Đã đối chiếu/);
  assert.deepEqual(mistakesOf(given), []);
  const checked = await verify(text);
  assert.equal(checked.code, 0, checked.stderr);
  const said = JSON.parse(checked.stdout);
  assert.deepEqual([said.dossier, said.entries, said.journal.size, said.journal.root], [code, 3, given.checkpoint.size, given.checkpoint.root]);
  assert.doesNotMatch(text, /079203001234|068190999901/, 'no number of anybody');
});

test('whatever is changed shows, in whichever part', async () => {
  const changes = {
    'what was noted': g => { g.entries[2].payload = g.entries[2].payload.replace('Đã', 'Chưa'); },
    'when': g => { g.entries[1].at_us += 1; },
    'who': g => { g.entries[1].actor = '7'; },
    'which act': g => { g.entries[1].act = 'refuse'; },
    'its place': g => { g.entries[0].position += 1; },
    'its way up': g => { g.entries[0].proof.pop(); },
    'a hash beside it': g => { g.entries[0].proof[0] = g.entries[0].leaf; },
    'the head': g => { g.checkpoint.root = g.entries[0].leaf; },
    'how long the journal was': g => { g.checkpoint.size += 1; },
    'the key': g => { g.checkpoint.key = g.entries[0].leaf; },
    'an entry made erased with another hash': g => { Object.assign(g.entries[2], { salt: null, payload: null, payload_hash: g.entries[0].leaf }); },
  };
  for (const [what, change] of Object.entries(changes)) {
    const given = JSON.parse(text);
    change(given);
    const checked = await verify(JSON.stringify(given));
    assert.notEqual(checked.code, 0, what);
    assert.notDeepEqual(what === 'the key' ? [1] : mistakesOf(given), [], what);
  }
  for (const broken of ['{"format":"motcua audit 1"}', '{"format":"motcua audit 1","entries":[{}],"checkpoint":{}}', text.slice(0, -40)]) assert.notEqual((await verify(broken)).code, 0, broken.slice(0, 60));
});

test('a lawfully erased payload leaves an entry that is still proven; the dossiers of others stay provable when the journal has grown', async () => {
  const given = JSON.parse(text);
  Object.assign(given.entries[2], { salt: null, payload: null });
  assert.deepEqual(mistakesOf(given), []);
  assert.equal((await verify(JSON.stringify(given))).code, 0);
  for (let i = 0; i < 3; i++) {
    const again = JSON.parse(await taken(code)); // each handing out is an entry itself
    assert.deepEqual(mistakesOf(again), []);
    assert.ok(again.checkpoint.size > given.checkpoint.size);
  }
  assert.equal((await office.command('audit', 'verify')).code, 0);
  const nobody = await office.command('audit', 'export', 'G11-990101-0001');
  assert.notEqual(nobody.code, 0);
  assert.match(nobody.stderr, /G11-990101-0001/);
});
