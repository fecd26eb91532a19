// The administrator looks after agencies, officers and roles on pages; maintenance is announced with its end, and what would change
// something is answered with it; a training office says so everywhere and is begun anew; the demo shows dossiers in every state.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Office, onServer, openOffice, password, program, submission, Visitor } from './support/office.mjs';

const run = promisify(execFile);
let office, admin;
before(async () => {
  office = await openOffice();
  admin = await office.signIn('quantri');
});
after(() => office.close());

async function send(address, fields) {
  const form = (await admin.get(address)).form(address);
  return admin.post(address, { csrf: form.csrf, ...fields });
}

test('an officer is added, gets a second post and a new password, loses the post and the right to sign in', async () => {
  const list = '/quan-tri/tai-khoan', one = `${list}/hoa.lt`;
  const wrong = await admin.post(list, { ...(await admin.get(list)).form(list), name: '', login: 'A', agency: 'X99', role: 'receiver' });
  assert.equal(wrong.status, 422);
  for (const id of ['name', 'login', 'agency']) assert.match(wrong.text, new RegExp(`href="#${id}"`));
  const made = await admin.post(list, { ...(await admin.get(list)).form(list), name: 'Lê Thị Hoa', login: 'hoa.lt', role: 'receiver', agency: 'G11' });
  assert.equal(made.status, 200);
  const first = /<dd><code>(\w{4}-[\w-]+)<\/code>/.exec(made.text)[1];
  await office.signIn('hoa.lt', first);
  assert.equal((await admin.get(`${list}?login=hoa.lt`)).headers.get('location'), one);
  const nobody = await admin.get(`${list}?login=khong.co`);
  assert.match(nobody.words, /khong\.co/, 'who is not there is said, not passed over');
  assert.match(nobody.text, /<input[^>]*name="login"[^>]*value="khong\.co"/);
  assert.equal((await send(one, { act: 'post', role: 'clerk', agency: 'G11', group: 'Chính sách' })).status, 303);
  const page = await admin.get(one);
  assert.match(page.words, /Văn thư .* chinh sach/);
  const reset = await send(one, { act: 'password' });
  assert.notEqual(/<dd><code>(\w{4}-[\w-]+)<\/code>/.exec(reset.text)[1], first);
  const posts = [...page.text.matchAll(/name="post" value="(\d+)"/g)].map(m => m[1]);
  assert.equal((await send(one, { act: 'end-post', post: posts[1] })).status, 303);
  assert.equal((await admin.get(one)).text.match(/name="post" value="\d+"/g).length, 1);
  assert.equal((await send(one, { act: 'end-post', post: '1' })).status, 404);
  assert.equal((await send(one, { act: 'disable' })).status, 303);
  await assert.rejects(office.signIn('hoa.lt', first));
  const self = await admin.get(`${list}/quantri`);
  assert.doesNotMatch(self.text, /value="disable"/);
  assert.equal((await admin.post(`${list}/quantri`, { csrf: self.form(`${list}/quantri`).csrf, act: 'disable' })).status, 409);
});

test('an agency gets a name, a unit, an end and a successor', async () => {
  const one = '/quan-tri/co-quan/G11.68';
  assert.match((await admin.get('/quan-tri/co-quan?q=chi+huy+quan+su')).words, /Bộ Chỉ huy quân sự tỉnh Lâm Đồng/);
  const refused = await send(one, { act: 'rename', name: '', phone: '', hotline: '' });
  assert.equal(refused.status, 422);
  assert.deepEqual([...refused.text.matchAll(/<details class="mc-act" id="([^"]*)" open>/g)].map(m => m[1]), ['ten'], 'what was sent stays open, and nothing else');
  assert.equal((await send(one, { act: 'rename', name: 'Bộ Chỉ huy quân sự Lâm Đồng', phone: '0263 1', hotline: '' })).status, 303);
  assert.equal((await send(one, { act: 'unit', unit: 'Ban Chính sách', class: 'military_unit' })).status, 303);
  assert.match((await admin.get(one)).words, /Bộ Chỉ huy quân sự Lâm Đồng .*Ban Chính sách G11\.68\.D01/);
  const unit = `${one}.D01`, asked = headers => fetch(`${office.url}/api/v1/agencies/G11.68.D01`, { headers });
  const tag = { 'if-none-match': (await asked({})).headers.get('etag') };
  assert.equal((await asked(tag)).status, 304);
  assert.equal((await send(one, { act: 'rename', name: 'Bộ CHQS tỉnh Lâm Đồng', phone: '', hotline: '' })).status, 303);
  assert.equal((await (await asked(tag)).json()).parent_name, 'Bộ CHQS tỉnh Lâm Đồng', 'the name above changed too');
  assert.equal((await send(one, { act: 'rename', name: 'Bộ Chỉ huy quân sự Lâm Đồng', phone: '0263 1', hotline: '' })).status, 303);
  assert.equal((await send(unit, { act: 'end', last_day: 'hôm nay' })).status, 422);
  assert.equal((await send(unit, { act: 'end', last_day: '2030-12-31' })).status, 303);
  assert.match((await admin.get(unit)).words, /31\/12\/2030/);
  assert.equal((await send(unit, { act: 'reopen' })).status, 303);
  const busy = await send(one, { act: 'end', last_day: '2030-12-31' });
  assert.equal(busy.status, 409);
  assert.match(busy.words, /Còn 4 người có vị trí công tác/);
  assert.equal((await send(unit, { act: 'successor', successor: 'G11.68', on: '2030-01-01', decree: '' })).status, 422);
  assert.equal((await send(unit, { act: 'successor', successor: 'G11.68', on: '2030-01-01', decree: '12/QĐ-BQP' })).status, 303);
  assert.match((await admin.get(unit)).words, /Cơ quan tiếp tục công việc Bộ Chỉ huy quân sự Lâm Đồng/);
  assert.equal((await send('/quan-tri/co-quan/G11', { act: 'end', last_day: '2030-12-31' })).status, 409, 'not the office itself');
});

test('roles and the index are there for whoever may, and nobody else', async () => {
  assert.match((await admin.get('/quan-tri/vai-tro')).words, /Lãnh đạo leader .*Approve|Phê duyệt/);
  assert.match((await admin.get('/quan-tri')).words, /Việc cần chú ý Không có\./);
  for (const login of ['lanhdao', 'congdan']) assert.equal((await (await office.signIn(login)).get('/quan-tri')).status, 403);
});

test('maintenance stands on every page; with writing closed a change is answered 503 with its end', async () => {
  const at = '/quan-tri/bao-tri', citizen = await office.as('congdan'), page = await office.signIn('congdan');
  const day = offset => new Date(Date.now() + 7 * 3600e3 + offset).toISOString();
  const fields = (from, to) => ({ begins_on: day(from).slice(0, 10), begins_at: day(from).slice(11, 16), ends_on: day(to).slice(0, 10), ends_at: day(to).slice(11, 16) });
  assert.equal((await send(at, { act: 'announce', ...fields(3600e3, 0) })).status, 422, 'the end is before the beginning');
  assert.equal((await send(at, { act: 'announce', ...fields(0, 40 * 86400e3) })).status, 422, 'too long');
  assert.equal((await send(at, { act: 'announce', begins_on: 'x', begins_at: '25:00', ends_on: '', ends_at: '' })).status, 422);
  assert.equal((await send(at, { act: 'announce', ...fields(86400e3, 90000e3), words: 'Nâng cấp.' })).status, 303);
  assert.match((await new Visitor(office).get('/')).words, /Bảo trì từ \d\d:\d\d .* Nâng cấp\./);
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  assert.equal((await send(at, { act: 'announce', ...fields(-60e3, 3600e3), closes: 'yes' })).status, 303);
  const refused = await citizen.post('/api/v1/dossiers', body);
  assert.equal(refused.status, 503);
  assert.match(refused.body.type, /maintenance$/);
  assert.ok(Math.abs(Number(refused.headers.get('retry-after')) - 3600) < 120, refused.headers.get('retry-after'));
  const paper = await page.post('/tai-khoan', { ...(await page.get('/tai-khoan')).form('/tai-khoan') });
  assert.equal(paper.status, 503);
  assert.match(paper.words, /đang bảo trì đến \d\d:\d\d/);
  assert.equal((await page.get('/thu-tuc')).status, 200, 'reading goes on');
  await office.stop();
  await office.serve();
  admin = await office.signIn('quantri'); // signing in goes on, and a restart forgets nothing
  assert.equal((await citizen.post('/api/v1/dossiers', body)).status, 503);
  assert.equal((await send(at, { act: 'end' })).status, 303);
  assert.equal((await citizen.post('/api/v1/dossiers', body)).status, 201);
  assert.doesNotMatch((await new Visitor(office).get('/')).words, /bảo trì/i);
});

test('a demo with dossiers has every state, some late, in the past weeks, and its journal is whole', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-lively-')), demo = new Office(folder);
  try {
    const { stdout } = await run(program, ['init', '--training', ...await demo.place(), '--data', demo.data, '--json'], { env: { ...process.env, MOTCUA_DEMO_PASSWORD: password } });
    const made = JSON.parse(stdout);
    assert.ok(made.dossiers > 50, stdout);
    await demo.serve();
    const codes = new Set();
    let late = 0;
    for (const suffix of ['', '.tinh', '.xa'])
      for (const status of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) {
        const { items } = (await (await demo.as(`lanhdao${suffix}`)).get(`/api/v1/dossiers?status=${status}&limit=100`)).body;
        if (items.length > 0) codes.add(status);
        late += items.filter(d => [2, 4].includes(d.status) && Date.parse(d.due_at) < Date.now()).length;
        for (const d of items) assert.ok(Date.parse(d.submitted_at) > Date.now() - 76 * 86400e3 && Date.parse(d.submitted_at) < Date.now(), d.submitted_at);
      }
    assert.deepEqual([...codes].sort((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.ok(late > 3, `${late} late`);
    assert.equal((await demo.command('audit', 'verify')).code, 0);
    const page = await new Visitor(demo).get('/');
    assert.match(page.words, /TẬP HUẤN – không có giá trị pháp lý/);
    const clerk = await demo.as('tiepnhan'), { items: [one] } = (await clerk.get('/api/v1/dossiers?status=2&limit=1')).body;
    const { items: [slip] } = (await clerk.get(`/api/v1/dossiers/${one.code}/slips`)).body;
    const paper = path.join(folder, 'slip.pdf');
    fs.writeFileSync(paper, Buffer.from(await (await fetch(demo.url + slip.href, { headers: { authorization: `Bearer ${clerk.token}`, accept: 'application/pdf' } })).arrayBuffer()));
    const words = (await run('pdftotext', ['-layout', paper, '-'])).stdout, pages = Number(/Pages: +(\d+)/.exec((await run('pdfinfo', [paper])).stdout)[1]);
    assert.ok([...words.matchAll(/TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ/g)].length >= pages, words);
    await demo.stop();
    const again = run(program, ['init', '--training', '--again', '--data', demo.data, '--json', '--lang', 'en']);
    if (onServer) await assert.rejects(again, /An office on a database server is not emptied here/);
    else assert.equal(JSON.parse((await again).stdout).dossiers, made.dossiers);
    await assert.rejects(run(program, ['init', '--training', '--again', '--data', office.data]), 'a real office is never emptied');
  } finally {
    await demo.close();
  }
});
