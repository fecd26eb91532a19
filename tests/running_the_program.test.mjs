// Whoever runs the program: it begins by itself in an empty folder, and leaves alone what is not its own.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually, Office, onServer, password, program, Visitor } from './support/office.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-run-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

test('in an empty folder `serve` makes an office and prints its address and a link that works once', async () => {
  const office = new Office(folder);
  await office.serve([...await office.place(), '--name', 'UBND xã Bắt Đầu']);
  try {
    const [, link] = await office.says(new RegExp(`${office.url}(/thiet-lap/[\\w-]{20,})`));
    const visitor = new Visitor(office), page = await visitor.get(link);
    assert.equal(page.status, 200);
    assert.match((await visitor.get('/')).words, /UBND xã Bắt Đầu/);
    const chosen = 'mot mat khau du dai 2026';
    const sent = await visitor.post(link, { ...page.form(link), password: chosen, again: chosen });
    assert.equal(sent.status, 303, sent.words);
    assert.equal((await new Visitor(office).get(link)).status, 404, 'a second time it is used up');
    assert.equal(fs.statSync(office.data).mode & 0o777, 0o700);
    await office.stop();
    office.log = '';
    await office.serve();
    assert.doesNotMatch(office.log, /thiet-lap|A new office/, 'the office is there now, and somebody has its password');
  } finally {
    await office.stop();
  }
});

test('a folder in which something else lies is left alone', async () => {
  const other = new Office(path.join(folder, 'other'));
  fs.mkdirSync(other.data, { recursive: true });
  fs.writeFileSync(path.join(other.data, 'photos.zip'), 'x');
  await assert.rejects(other.serve(), /it is not empty/);
  assert.deepEqual(fs.readdirSync(other.data), ['photos.zip']);
});

test('an office for training begins anew from the page of its administrator, with one password for all', async () => {
  const office = new Office(`${folder}-training`), at = '/quan-tri/van-hanh';
  fs.mkdirSync(office.folder);
  await promisify(execFile)(program, ['init', '--training', ...await office.place(), '--data', office.data], { env: { ...process.env, MOTCUA_DEMO_PASSWORD: password } });
  await office.serve();
  try {
    const admin = await office.signIn('quantri'), form = (await admin.get(at)).form(at), ready = path.join(office.folder, 'ready');
    assert.equal((await admin.post(at, { ...form, act: 'anew', password: 'ngan' })).status, 422, 'neither sure nor long enough');
    const fresh = 'tap huan mua thu 2026';
    if (onServer) {
      const refused = await admin.post(at, { ...form, act: 'anew', password: fresh, sure: 'yes' });
      assert.equal(refused.status, 409);
      assert.match(refused.words, /cơ sở dữ liệu/);
      return;
    }
    fs.rmSync(ready);
    assert.equal((await admin.post(at, { ...form, act: 'anew', password: fresh, sure: 'yes' })).status, 303, 'answered before it closes');
    await eventually('the office anew', () => fs.existsSync(ready));
    office.url = fs.readFileSync(ready, 'utf8').trim();
    await office.signIn('lanhdao', fresh);
    await assert.rejects(office.signIn('lanhdao'), 'the old password is gone');
    assert.match((await new Visitor(office).get('/')).words, /TẬP HUẤN/);
  } finally {
    await office.close();
  }
});
