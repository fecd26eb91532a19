// A backup is made while people work, proves itself whole, and comes back on another machine with the sealed journal; what is
// damaged is found, an office that is there stays, and the administrator sees on a page how it stands.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { EIO, Luck } from './support/faults.mjs';
import { eventually, Office, onServer, openOffice, program, submission } from './support/office.mjs';

const run = promisify(execFile);
const motcua = async (...args) => run(program, args).then(r => ({ code: 0, ...r }), e => ({ code: e.code, stdout: e.stdout, stderr: e.stderr }));
let office, citizen, codes = [];
before(async () => {
  office = await openOffice({ serve: false });
  fs.appendFileSync(path.join(office.data, 'motcua.conf'), 'backup-minutes = 0\n'); // none comes by itself, however long this takes
  await office.serve();
  citizen = await office.as('congdan');
});
after(() => office.close());

const file = name => path.join(office.folder, name);
async function submit(label) {
  const answer = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11', label }));
  assert.equal(answer.status, 201, answer.text);
  codes.push(answer.body.code);
  return answer.body.code;
}

test('a backup while dossiers come in is whole, and another office made of it has them, their papers and the same journal', async () => {
  await submit('before');
  const [made] = await Promise.all([office.command('backup', file('one.tar'), '--json'), submit('meanwhile'), submit('meanwhile too')]);
  assert.equal(made.code, 0, made.stderr);
  const said = JSON.parse(made.stdout);
  assert.equal(said.journal.root.length, 64);
  assert.ok(said.journal.size > 0 && said.papers >= 1, made.stdout);
  assert.equal(fs.statSync(file('one.tar')).mode & 0o777, 0o600);
  assert.deepEqual(JSON.parse((await motcua('verify', file('one.tar'), '--json')).stdout).journal, said.journal);
  const other = new Office(file('elsewhere'));
  fs.mkdirSync(other.folder);
  const restored = await motcua('restore', file('one.tar'), '--data', other.data);
  assert.equal(restored.code, 0, restored.stderr);
  const checked = JSON.parse((await other.command('audit', 'verify', '--json')).stdout);
  const more = checked.size - said.journal.size; // what came between the sealed head and the copy is in it too
  assert.ok(more >= 1 && more <= 3, `the restore itself is one entry more, and each of two submissions may be: ${more}`);
  assert.equal((await motcua('restore', file('one.tar'), '--data', other.data)).code, 1, 'never over an office');
  await other.serve();
  try {
    const there = await other.as('congdan'), dossier = await there.get(`/api/v1/dossiers/${codes[0]}`);
    assert.equal(dossier.status, 200);
    assert.equal(dossier.body.parties[0].name, 'Nguyễn Thị Ngọc Ánh', 'the keys came along');
    assert.ok(dossier.body.files.length > 0);
    await other.signIn('congdan');
    assert.equal((await motcua('restore', file('one.tar'), '--data', other.data, '--replace')).code, 1, 'not under a running server');
  } finally {
    await other.stop();
  }
  const again = await motcua('restore', file('one.tar'), '--data', other.data, '--replace');
  assert.equal(again.code, 0, again.stderr);
  const aside = fs.readdirSync(other.data).find(name => name.startsWith('replaced-'));
  assert.ok(fs.existsSync(path.join(other.data, aside, 'motcua.db')), 'the old one lies aside');
});

test('a restore that fails midway leaves the office that was there, or says where it lies', async () => {
  const other = new Office(file('unlucky'));
  fs.mkdirSync(other.folder);
  assert.equal((await motcua('restore', file('one.tar'), '--data', other.data)).code, 0);
  const luck = new Luck(other), size = async () => JSON.parse((await other.command('audit', 'verify', '--json')).stdout).size;
  const before = await size();
  const restore = () => run(program, ['restore', file('one.tar'), '--data', other.data, '--replace'], { env: { ...process.env, ...luck.env } })
    .then(r => ({ code: 0, ...r }), e => ({ code: e.code, stderr: e.stderr }));
  const asides = () => fs.readdirSync(other.data).filter(name => name.startsWith('replaced-'));
  luck.arm({ kind: 'write', at: 1e9, deed: 'error', error: EIO });
  assert.equal((await restore()).code, 0);
  const writes = luck.get('seen');
  assert.ok(writes > 20, `${writes} writes`);
  for (const name of asides()) fs.rmSync(path.join(other.data, name), { recursive: true });
  let failed = 0;
  for (let at = writes; at > writes - 24; at--) { // the last ones: the two offices change places
    luck.arm({ kind: 'write', at, deed: 'error', error: EIO });
    const tried = await restore();
    luck.calm();
    failed += tried.code !== 0;
    const said = asides().filter(name => tried.stderr.includes(name));
    assert.deepEqual(said, asides(), `write ${at}: ${tried.stderr}`);
    assert.ok(fs.existsSync(path.join(other.data, 'motcua.db')), `write ${at}: an office is there`);
    assert.equal(await size(), before, `write ${at}`);
    for (const name of said) fs.rmSync(path.join(other.data, name), { recursive: true });
    assert.deepEqual(fs.readdirSync(other.data).filter(name => name.startsWith('restoring-')), []);
  }
  assert.ok(failed > 10, `${failed} failed`);
  luck.close();
});

test('taken apart by tar it is a data folder', async () => {
  const data = file('by-hand');
  fs.mkdirSync(data);
  await run('tar', ['xf', file('one.tar'), '-C', data]);
  const checked = await motcua('audit', 'verify', '--data', data);
  assert.equal(checked.code, 0, checked.stderr);
});

test('a folder of backups grows by what changed; a flipped bit, a lost part and a lost paper are found', async () => {
  const folder = file('many');
  fs.mkdirSync(folder);
  assert.equal((await office.command('backup', folder)).code, 0);
  const second = () => Math.floor(Date.now() / 1000), named = second(); // after which the first is named
  await eventually('the next second', () => second() > named);
  await submit('later');
  assert.equal((await office.command('backup', folder)).code, 0);
  assert.equal((await motcua('verify', folder)).code, 0);
  const paper = fs.readdirSync(path.join(folder, 'papers'), { recursive: true }).find(name => name.length > 60), at = path.join(folder, 'papers', paper);
  fs.renameSync(at, `${at}.away`);
  const lost = await motcua('verify', folder);
  assert.equal(lost.code, 1);
  assert.match(lost.stderr, /A paper of the backup is missing/);
  fs.renameSync(`${at}.away`, at);
  const whole = fs.readFileSync(file('one.tar')), place = whole.indexOf('Nguyễn Thị Ngọc Ánh');
  assert.ok(place > 0);
  fs.writeFileSync(file('bad.tar'), Buffer.concat([whole.subarray(0, place), Buffer.from('M'), whole.subarray(place + 1)]));
  assert.equal((await motcua('verify', file('bad.tar'))).code, 1);
  fs.writeFileSync(file('cut.tar'), whole.subarray(0, whole.length - 4096));
  const cut = await motcua('restore', file('cut.tar'), '--data', file('never'));
  assert.equal(cut.code, 1);
  assert.ok(!fs.existsSync(path.join(file('never'), 'motcua.db')));
  assert.equal((await motcua('verify', file('nothing.tar'))).code, 1);
});

test('the administrator sees no backup, has one made and verified, and is told how to restore but given none', async () => {
  const admin = await office.signIn('quantri'), address = '/quan-tri/van-hanh';
  const first = await admin.get(address);
  assert.match(first.words, /Bản mới nhất chưa có/);
  assert.match(first.words, /không cho tải về/);
  assert.equal((await admin.post(address, { ...first.form(address), act: 'backup' })).status, 303);
  const seen = (what, fits) => eventually(what, async () => {
    const page = await admin.get(address);
    return fits(page.words) && page;
  });
  let page = await seen('the backup', words => /\.backup/.test(words) && !/đang được tạo/.test(words));
  assert.match(page.words, /Bản mới nhất \d\d:\d\d .*(giây|phút) trước/);
  assert.equal((await admin.post(address, { ...page.form(address), act: 'verify' })).status, 303);
  page = await seen('that it is whole', words => /: nguyên vẹn/.test(words));
  assert.match(page.words, /motcua restore .*backups --data DIR/);
  assert.equal((await admin.post(address, { ...page.form(address), act: 'anew', password: 'mot hai ba bon nam', sure: 'yes' })).status, 400, 'not a training office');
  assert.equal((await (await office.signIn('lanhdao')).get(address)).status, 403);
  const program = await office.as('quantri');
  const metrics = (await program.get('/metrics')).text;
  for (const name of ['backup_age_seconds', 'backup_well 1', 'build_info', 'dossiers_overdue', 'store_queue', 'request_seconds_bucket', 'follower_lag_entries']) assert.match(metrics, new RegExp(`motcua_${name}`));
  const doctor = JSON.parse((await office.command('doctor', '--full', '--json')).stdout);
  for (const name of ['disk', 'filesystem', ...(onServer ? [] /* it syncs nothing, and is told so */ : ['database']), 'limits', 'time', 'rights', 'keys', 'clock', 'journal', 'backup', 'papers', 'pages']) assert.equal(doctor.find(f => f.name === name)?.well, true, name);
  assert.match(doctor.find(f => f.name === 'database').detail, onServer ? /journal_mode=PostgreSQL synchronous=0/ : /journal_mode=wal synchronous=2 foreign_keys=1 cache=[1-9]/);
  assert.match(doctor.find(f => f.name === 'disk').detail, /^\d+ %  \d+ MiB$/);
});

test('what was sent and never filed is collected when asked for, a day later; what a dossier names never', async () => {
  const upload = await citizen.upload(Buffer.from('%PDF-1.4 nothing'), 'x.txt'), folder = path.join(office.data, 'files');
  const stray = path.join(folder, 'ab'), old = path.join(stray, 'cd'.repeat(31));
  fs.mkdirSync(stray, { recursive: true });
  fs.writeFileSync(old, 'left over');
  const count = () => fs.readdirSync(folder, { recursive: true }).filter(name => name.length > 60).length, all = count();
  await office.command('doctor', '--collect');
  assert.equal(count(), all, 'it came only now');
  fs.utimesSync(old, 1e9, 1e9);
  await office.command('doctor');
  assert.equal(count(), all, 'not unasked');
  for (const name of fs.readdirSync(folder, { recursive: true })) if (name.length > 60) fs.utimesSync(path.join(folder, name), 1e9, 1e9);
  await office.command('doctor', '--collect');
  assert.equal(count(), all - 1, upload.text);
  assert.equal((await office.command('backup', file('after.tar'))).code, 0, 'no dossier misses a paper');
});
