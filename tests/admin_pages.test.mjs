// The administrator on the pages alone: the catalogue and its import, accounts, the health of the system.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openOffice, root } from './support/office.mjs';

let office, admin;
before(async () => {
  office = await openOffice();
  admin = await office.signIn('quantri');
});
after(() => office.close());

const sheet = code => fs.readFileSync(path.join(root, `procedures/bqp/${code}.json`));

async function importing(...files) {
  const form = (await admin.get('/quan-tri/thu-tuc')).form('/quan-tri/thu-tuc');
  return admin.post('/quan-tri/thu-tuc', { csrf: /name="csrf" value="([^"]*)"/.exec((await admin.get('/quan-tri/thu-tuc')).text)[1], ...form }, { files });
}

test('whoever signs in without a worklist is led to their own work', async () => {
  assert.equal((await admin.get('/viec')).headers.get('location'), '/quan-tri/thu-tuc');
  assert.equal((await (await office.signIn('congdan')).get('/viec')).headers.get('location'), '/ho-so-cua-toi');
});

test('the catalogue is searched without accents and says who performs each procedure', async () => {
  const page = await admin.get('/quan-tri/thu-tuc?q=tran+dau');
  assert.equal(page.status, 200);
  assert.match(page.text, /href="\/quan-tri\/thu-tuc\/1\.013124"/);
  assert.match(page.words, /Số cơ quan thực hiện/);
});

test('an import tells what was taken, what was known already and what was refused, and why', async () => {
  const changed = JSON.parse(sheet('1.013131'));
  const text = JSON.stringify(changed).replace('Thủ tục', 'Thủ tục (sửa đổi)');
  const page = await importing(new File([sheet('1.013124')], '1.013124.json'), new File([text], '1.013131.json'),
    new File(['{"metadata": {'], 'hỏng.json'));
  assert.equal(page.status, 200, page.words);
  assert.match(page.words, /3 tệp: 1 mục được nhập, 1 mục không đổi, 1 mục bị từ chối\./);
  assert.match(page.words, /h[oỏ]ng\.json/);
  assert.match(page.words, /Lý do/);
  const list = (await office.command('audit', 'verify', '--json')).stdout;
  assert.ok(JSON.parse(list).size > 0);
  assert.deepEqual(fs.readdirSync(path.join(office.data, 'spool')).filter(name => name.startsWith('import-')), [], 'nothing is left behind');
});

test('an import without a file says so beside the field', async () => {
  const page = await importing();
  assert.equal(page.status, 422);
  assert.match(page.text, /href="#files"/);
});

test('accounts are listed with their roles', async () => {
  const page = await admin.get('/quan-tri/tai-khoan');
  assert.match(page.words, /tiepnhan\.xa .*receiver@/);
});

test('health shows the store, the journal, the followers and how long requests take', async () => {
  const page = await admin.get('/quan-tri/suc-khoe');
  assert.equal(page.status, 200);
  assert.match(page.words, /đang nhận thay đổi/);
  assert.match(page.words, /niêm phong gần nhất/);
  assert.match(page.text, /<rect class="mc-chart__bar"/);
  assert.match(page.words, /99 trên 100 yêu cầu/);
});

test('nobody else sees these pages', async () => {
  for (const login of ['tiepnhan', 'congdan']) {
    const visitor = await office.signIn(login);
    for (const page of ['thu-tuc', 'tai-khoan', 'suc-khoe']) assert.equal((await visitor.get(`/quan-tri/${page}`)).status, 403);
  }
});
