// What an authority begins of its own motion: its officer opens it, nobody applies; whoever is concerned is heard by a day and told
// when the decision is issued. And what agencies ask each other, on the same engine.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { openOffice, pdf, root, submission } from './support/office.mjs';

const CODE = '1.013630', concerned = { role: 'owner', kind: 'business', name: 'Phòng khám Đa khoa An Bình', identities: [{ type: 'enterprise_number', value: '5801999008' }] };
let office;
const api = {};
before(async () => {
  office = await openOffice();
  for (const login of ['congdan', 'doanhnghiep', 'tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu', 'chuyenvien.tinh', 'tiepnhan.tinh']) api[login] = await office.as(login);
});
after(() => office.close());

const where = answer => answer.headers.get('location');
const body = async (login, more = {}) => ({ ...await submission(api[login], CODE, { agency: 'G11', channel: 'counter', party: concerned }), channel: 'internal', case: null, ...more });
const pointers = answer => answer.body.errors.map(e => [e.pointer, e.code]);

test('an officer of the competent agency opens it; its time limit runs from that day; nobody else can', async () => {
  const made = await api.chuyenvien.post('/api/v1/dossiers', await body('chuyenvien'));
  assert.equal(made.status, 201, made.text);
  assert.equal(made.body.holder.step, 'opened');
  assert.equal(made.body.received_at, made.body.submitted_at);
  assert.equal(made.body.due_rule.term, '10d', 'of the procedure\'s record');
  assert.equal((await api.lanhdao.post('/api/v1/dossiers', await body('lanhdao'))).status, 201);
  for (const login of ['congdan', 'tiepnhan']) {
    const refused = await api[login].post('/api/v1/dossiers', await body(login));
    assert.equal(refused.status, 422, login);
    assert.ok(pointers(refused).some(([p, c]) => p === '/procedure' && c === 'not-an-application'), `${login}: ${refused.text}`);
  }
  assert.equal((await api.vanthu.post('/api/v1/dossiers', {})).status, 403);
  const elsewhere = await api['chuyenvien.tinh'].post('/api/v1/dossiers', await body('chuyenvien.tinh'));
  assert.ok(pointers(elsewhere).some(([p, c]) => p === '/agency' && c === 'denied'), elsewhere.text);
  const asApplication = await api.chuyenvien.post('/api/v1/dossiers', { ...await submission(api.chuyenvien, '1.013124', { agency: 'G11' }) });
  assert.ok(pointers(asApplication).some(([p]) => p === '/channel'), 'a specialist files for nobody');
});

test('whoever is concerned is heard by a day; meanwhile the clock stands; the office writes down what came', async () => {
  const { code } = (await api.chuyenvien.post('/api/v1/dossiers', await body('chuyenvien'))).body;
  await api.chuyenvien.act(code, 'examine');
  const asked = await api.chuyenvien.act(code, 'request-supplement', { reason: 'Đề nghị giải trình việc ngừng hoạt động (Điều 56).', until: new Date(Date.now() + 5 * 86400e3).toISOString().slice(0, 10) });
  assert.equal(asked.status, 200, asked.text);
  assert.deepEqual([asked.body.status, asked.body.holder.step, asked.body.due_at], [5, 'explanation', null]);
  const paper = await api.chuyenvien.upload(pdf('giải trình'));
  const heard = await api.chuyenvien.act(code, 'supplement', { files: [{ kind: 'supplement', file: paper.body.id }], note: 'Đã nhận văn bản giải trình.' });
  assert.equal(heard.status, 200, heard.text);
  assert.equal(heard.body.holder.step, 'examination');
  assert.notEqual(heard.body.due_at, null, 'what remained runs on');
});

test('there is nothing for an applicant to do, and withdrawing is not possible', async () => {
  const { code } = (await api.chuyenvien.post('/api/v1/dossiers', await body('chuyenvien'))).body;
  assert.equal((await api.chuyenvien.act(code, 'withdraw')).status, 409);
  assert.equal((await api.doanhnghiep.get(`/api/v1/dossiers/${code}`)).status, 404);
});

test('on the pages: a list of what can be opened, then the ordinary steps without applicant and return', async () => {
  const officer = await office.signIn('chuyenvien');
  const list = await officer.get('/mo-thu-tuc');
  assert.match(list.words, /1\.013630/);
  assert.doesNotMatch(list.words, /1\.013124/);
  const base = await officer.begin(`/nop-ho-so/${CODE}?moi=1`);
  const tasks = await officer.get(base);
  assert.doesNotMatch(tasks.words, /Nộp thay cho ai|Cách nhận kết quả/);
  assert.match(tasks.words, /Mở thủ tục do cơ quan tiến hành · 1\.013630/);
  assert.doesNotMatch(tasks.words, /Nộp hồ sơ trực tuyến · /);
  const parties = await officer.get(`${base}/nguoi-nop`), form = parties.form(`${base}/nguoi-nop`);
  assert.match(parties.words, /Bước 2\/5/, 'of the steps that there are');
  assert.equal(where(await officer.post(`${base}/nguoi-nop`, { ...form, 'parties/0/kind': 'business', 'parties/0/name': concerned.name })), `${base}/khai`);
  const check = await officer.get(`${base}/kiem-tra`);
  const receipt = where(await officer.post(`${base}/kiem-tra`, check.form(`${base}/kiem-tra`)));
  assert.match(receipt, /^\/ho-so\/G11-/, check.words);
  assert.equal((await officer.get('/nop-ho-so/1.013124')).status, 403, 'a specialist applies for nobody');
  assert.equal((await (await office.signIn('congdan')).get('/mo-thu-tuc')).status, 403);
});

test('between agencies: an officer asks in the name of the own agency, the other one decides', async () => {
  const internal = async (code, kind) => {
    const sheet = JSON.parse(fs.readFileSync(`${root}/procedures/bqp/1.013124.json`, 'utf8').replaceAll('1.013124', code));
    sheet.metadata['loại_thủ_tục'] = kind;
    fs.writeFileSync(`${office.folder}/${code}.json`, JSON.stringify(sheet));
    const taken = await office.command('import', 'procedures', `${office.folder}/${code}.json`, '--json');
    assert.equal(taken.code, 0, taken.stderr + taken.stdout);
  };
  await internal('1.999001', 'TTHC nội bộ giữa các cơ quan hành chính nhà nước');
  await internal('1.999002', 'TTHC nội bộ trong cơ quan hành chính nhà nước');
  assert.equal((await api.congdan.get('/api/v1/procedures/1.999001')).body.kind, 'internal_between');
  const asks = { role: 'owner', kind: 'agency', name: 'Bộ Chỉ huy quân sự tỉnh Lâm Đồng' };
  const from = async (login, code, more = {}) => {
    const filled = await submission(api[login], code, { agency: 'G11', channel: 'counter', party: asks });
    return api[login].post('/api/v1/dossiers', { ...filled, channel: 'internal', case: null, ...more });
  };
  const made = await from('chuyenvien.tinh', '1.999001');
  assert.equal(made.status, 201, made.text);
  const { code } = made.body;
  assert.ok(pointers(await from('chuyenvien.tinh', '1.999001', { parties: [concerned] })).some(([p, c]) => p === '/parties/0/kind' && c === 'not-an-agency'));
  assert.ok(pointers(await from('chuyenvien', '1.999001')).some(([p, c]) => p === '/agency' && c === 'own'));
  assert.equal((await from('chuyenvien', '1.999002')).status, 201, 'within one agency');
  assert.equal((await api['chuyenvien.tinh'].get(`/api/v1/dossiers/${code}`)).status, 200, 'who asked follows it');
  for (const [login, act, fields] of [['tiepnhan', 'receive', {}], ['chuyenvien', 'examine', {}], ['chuyenvien', 'propose', { outcome: 'granted' }], ['lanhdao', 'approve', {}], ['vanthu', 'issue', {}], ['tiepnhan', 'return', {}]])
    assert.equal((await api[login].act(code, act, fields)).status, 200, act);
  const refused = await api.congdan.post('/api/v1/dossiers', { ...await submission(api.congdan, '1.999001', { agency: 'G11' }), channel: 'online' });
  assert.ok(pointers(refused).some(([p, c]) => p === '/procedure' && c === 'not-an-application'), 'no citizen takes part');
  assert.equal((await (await office.signIn('congdan')).get('/nop-ho-so/1.999001')).status, 409);
});
