// A new commune office is set up by one person who has the printed link and a list of staff, on pages without scripts; then a dossier
// goes its way in it. The link works once; every step can be skipped, done again and gone on with later; a list with a mistake makes
// nobody an account.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Office, program, submission, Visitor } from './support/office.mjs';

const run = promisify(execFile);
const secret = 'một cửa của xã 2026';
let office, admin, link, passwords;

const linkOf = async it => (await it.says(/\/thiet-lap\/[\w-]{20,}/))[0];
before(async () => {
  office = new Office(fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-setup-')));
  const { stdout } = await run(program, ['init', ...await office.place(), '--data', office.data, '--json']);
  assert.match(JSON.parse(stdout).setup, /^http:\/\/127\.0\.0\.1:8080\/thiet-lap\/[\w-]{32}$/);
  await office.serve();
  link = await linkOf(office);
});
after(() => office.close());

const at = step => `/quan-tri/thiet-lap/${step}`;
async function send(step, fields, files) {
  const address = at(step), form = (await admin.get(address)).form(address);
  return admin.post(address, { ...form, ...fields }, files);
}
const blob = (text, name = 'can-bo.csv') => ({ file: [new File([text], name, { type: 'text/csv' })] });

test('the link that is printed at the start makes whoever opens it the administrator, once', async () => {
  admin = new Visitor(office);
  const page = await admin.get(link);
  assert.equal(page.status, 200);
  assert.match(page.words, /quantri/);
  assert.equal((await admin.post(link, { ...page.form(link), password: 'short' })).status, 422, 'a refused password does not use it up');
  const answer = await admin.post(link, { ...page.form(link), password: secret });
  assert.equal(answer.headers.get('location'), '/quan-tri/thiet-lap');
  assert.match((await admin.get('/quan-tri/thiet-lap')).words, /Đã qua 0\/6 bước/);
  assert.equal((await new Visitor(office).get(link)).status, 404);
  assert.equal((await new Visitor(office).get('/thiet-lap/abc')).status, 404);
  await office.stop();
  office.log = '';
  await office.serve();
  assert.doesNotMatch(office.log, /thiet-lap/, 'no new link once it was used');
});

test('the agency is found without accents, and the pages bear its name at once', async () => {
  const found = await admin.get(`${at('co-quan')}?q=tuyen+quang+lam+dong`);
  assert.match(found.words, /Ủy ban nhân dân xã Tuyên Quang/);
  const form = found.form(at('co-quan'));
  assert.equal(form.agency, 'H36.22963', 'the only one is chosen already');
  assert.equal((await admin.post(at('co-quan'), { ...form, agency: 'new', name: '' })).status, 422);
  const answer = await admin.post(at('co-quan'), form);
  assert.equal(answer.headers.get('location'), at('don-vi'));
  assert.match((await new Visitor(office).get('/')).words, /Ủy ban nhân dân xã Tuyên Quang/);
  assert.match(fs.readFileSync(path.join(office.data, 'motcua.conf'), 'utf8'), /^office = H36\.22963$/m);
  const again = (await admin.get(at('co-quan') + '?q=tuyen+quang+lam+dong')).form(at('co-quan'));
  assert.equal((await admin.post(at('co-quan'), again)).status, 303, 'once more is fine');
});

test('units are offered and added; hours are checked', async () => {
  assert.match((await admin.get(at('don-vi'))).text, /Phòng Văn hoá – Xã hội/);
  assert.equal((await send('don-vi', { units: 'Phòng Kinh tế\nPhòng Văn hoá – Xã hội\nPhòng Kinh tế\n' })).status, 303);
  assert.equal((await send('don-vi', { units: 'Phòng Kinh tế\nTrung tâm Phục vụ hành chính công' })).status, 303);
  const agency = (await admin.get('/quan-tri/co-quan/H36.22963')).words;
  assert.equal(agency.match(/H36\.22963\.D\d\d/g).length, 3);
  const wrong = await send('gio-lam-viec', { morning: '7h-11h', afternoon: '13:00-17:00' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /value="7h-11h"/);
  assert.equal((await send('gio-lam-viec', { morning: '07:00-11:30', afternoon: '13:30-17:00', saturday: '07:30-11:00' })).status, 303);
  const calendar = await (await office.as('quantri')).get('/api/v1/agencies/H36.22963/calendar');
  assert.equal(calendar.body.calendar, 'h36-22963');
});

const people = [...Array(16)].map((_, i) => `Nguyễn Văn An;Chuyên viên;;;;${i % 2 ? 'Phòng Kinh tế' : ''};`).join('\r\n');
const list = `Họ và tên;Vai trò;Tên đăng nhập;Email;Điện thoại;Đơn vị;Lĩnh vực\r\nTrần Thị Bình;Cán bộ tiếp nhận;binh;;;;\r\nĐỗ Minh Tâm;Phó Chủ tịch;tam;;;;\r\nVõ Thị E;Văn thư;vanthu;;;;\r\n"Lê, Văn C";Lãnh đạo;;c@xa.gov.vn;0912 345 678;;\r\n${people}\r\n`;

test('a list is looked at first: each line tells its mistakes, and nobody gets an account', async () => {
  const wrong = list.replace('Cán bộ tiếp nhận', 'Bảo vệ').replace('c@xa.gov.vn', 'c').replace(';tam;', ';quantri;').replace('Phòng Kinh tế', 'Phòng Lạ');
  for (const act of ['look', 'make']) {
    const page = await send('can-bo', { act }, blob(wrong));
    assert.equal(page.status, 200);
    assert.match(page.words, /20 người, 4 người có lỗi/);
    for (const sentence of [/2 Trần Thị Bình .*“Bảo vệ” không phải vai trò/, /Tên đăng nhập quantri đã có người dùng/, /“c” không phải địa chỉ email/, /không có đơn vị “Phòng Lạ”/]) assert.match(page.words, sentence);
    assert.doesNotMatch(page.text, /value="make"/);
    assert.match(page.form(at('can-bo')).text, /Bảo vệ/, 'the list stands there to be corrected');
  }
  const { stdout } = await office.command('user', 'list', '--json');
  assert.equal((stdout.match(/"officer"/g) ?? []).length, 1);
  assert.match((await admin.get(at('can-bo'))).form(at('can-bo')).text, /Bảo vệ/, 'and it is there again on another day');
});

test('a workbook, an empty file and nonsense are told apart', async () => {
  for (const [bytes, sentence] of [['PK\u0003\u0004...', /bảng tính/], [Buffer.from([0xc0, 0xaf]), /Unicode/], ['Họ tên;Vai trò\n', /chưa có ai/]]) {
    const page = await send('can-bo', { act: 'look' }, blob(bytes));
    assert.equal(page.status, 422);
    assert.match(page.words, sentence);
  }
});

test('twenty people get their accounts at once, with passwords that are shown once', async () => {
  const looked = await send('can-bo', { act: 'look' }, blob(`\uFEFF${list}`));
  assert.match(looked.words, /20 người, không có lỗi/);
  const before = process.hrtime.bigint();
  const made = await admin.post(at('can-bo'), { ...looked.form(at('can-bo')), act: 'make' }, { file: [] });
  console.log(`# 20 accounts: ${(process.hrtime.bigint() - before) / 1000000n} ms`);
  passwords = Object.fromEntries([...made.text.matchAll(/<code>([^<]+)<\/code><\/dd><dt>[^<]*<\/dt><dd><code>([^<]+)<\/code>/g)].map(m => [m[1], m[2]]));
  assert.equal(Object.keys(passwords).length, 20);
  assert.ok(passwords.binh && passwords.nguyenvanan16 && passwords.levanc);
  assert.doesNotMatch((await admin.get(at('can-bo'))).text, new RegExp(passwords.binh));
  const again = await send('can-bo', { act: 'make' }, blob(list));
  assert.match(again.words, /Tên đăng nhập binh đã có người dùng/, 'the same list twice makes nobody twice');
  const officer = await office.signIn('binh', passwords.binh);
  assert.notEqual((await officer.get('/viec')).status, 200, 'first a password of their own');
});

test('procedures of the level of the office are opened by field', async () => {
  const page = await admin.get(at('thu-tuc'));
  assert.match(page.words, /Có sẵn \d+ thủ tục thuộc cấp của cơ quan/);
  assert.equal((await admin.post(at('thu-tuc'), { csrf: page.form(at('thu-tuc')).csrf, who: 'agency' })).status, 422);
  const fields = [...page.text.matchAll(/name="field" type="checkbox" value="([^"]+)"/g)].map(m => m[1]);
  assert.ok(fields.length > 1);
  const answer = await admin.post(at('thu-tuc'), { csrf: page.form(at('thu-tuc')).csrf, who: 'agency', field: fields });
  assert.equal(answer.headers.get('location'), at('chay-thu'));
  const test = await admin.get(at('chay-thu'));
  assert.match(test.words, /Đã đủ cả/);
  assert.deepEqual(fs.readdirSync(path.join(office.data, 'spool')).filter(n => n.startsWith('sheets')), []);
});

test('and a dossier goes its way in the new office', async () => {
  const client = await office.as('binh'), specialist = await office.as('nguyenvanan'), leader = await office.as('tam'), clerk = await office.as('vanthu');
  const { items } = (await client.get('/api/v1/procedures?level=commune&limit=100')).body;
  const procedure = items.find(p => p.process === 'application') ?? items[0];
  const codes = items.map(p => p.code);
  assert.ok(codes.length > 5, `${codes.length} procedures`);
  let filed;
  for (const code of [procedure.code, ...codes]) {
    filed = await client.post('/api/v1/dossiers', await submission(client, code, { agency: 'H36.22963', channel: 'counter' }));
    if (filed.status === 201) break;
  }
  assert.equal(filed.status, 201, filed.text);
  const { code } = filed.body;
  for (const [who, act, body] of [[client, 'receive', {}], [specialist, 'examine', {}], [specialist, 'propose', { outcome: 'granted' }], [leader, 'approve', {}], [clerk, 'issue', {}], [client, 'return', {}]]) {
    const done = await who.act(code, act, body);
    assert.equal(done.status, 200, `${act}: ${done.text}`);
  }
  assert.equal((await send('chay-thu', { act: 'save' })).headers.get('location'), '/quan-tri');
  assert.match((await admin.get('/quan-tri/thiet-lap')).words, /Đã qua 6\/6 bước/);
});

test('a step that is skipped is passed, and stays open to be done later', async () => {
  const fresh = new Office(fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-setup-')));
  try {
    await run(program, ['init', ...await fresh.place(), '--data', fresh.data, '--json']);
    await fresh.serve();
    const visitor = new Visitor(fresh), address = await linkOf(fresh);
    await visitor.post(address, { ...(await visitor.get(address)).form(address), password: secret });
    assert.match((await visitor.get('/quan-tri')).words, /Còn 6 bước thiết lập chưa làm/);
    const skip = `${at('co-quan')}/bo-qua`;
    assert.equal((await visitor.post(skip, (await visitor.get(at('co-quan'))).form(skip))).headers.get('location'), at('don-vi'));
    assert.match((await visitor.get('/quan-tri/thiet-lap')).words, /Đã qua 1\/6 bước/);
    const own = (await visitor.get(at('co-quan'))).form(at('co-quan'));
    assert.equal((await visitor.post(at('co-quan'), { ...own, name: 'Ban Quản lý Khu kinh tế', class: 'ministry_unit' })).status, 303);
    assert.match((await visitor.get('/quan-tri/co-quan')).words, /Ban Quản lý Khu kinh tế Z02/);
  } finally {
    await fresh.close();
  }
});
