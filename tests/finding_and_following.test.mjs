// A citizen finds a procedure by what happens in life or by words, reads one dated text of its requirements, and follows a dossier:
// whose turn it is, until when, what comes next, as a picture and as words.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openOffice, submission, wholeWay, Visitor } from './support/office.mjs';

const CODE = '1.013124';
let office, me, citizen;
before(async () => {
  office = await openOffice();
  me = await office.signIn('congdan');
  citizen = await office.as('congdan');
});
after(() => office.close());

const submit = async (client = citizen) => {
  const r = await client.post('/api/v1/dossiers', await submission(client, CODE, {}), { headers: { 'idempotency-key': crypto.randomUUID() } });
  assert.equal(r.status, 201, r.text);
  return r.body.code;
};

test('from the first page: events that lead somewhere, and three clicks to applying', async () => {
  const visitor = new Visitor(office), home = await visitor.get('/');
  assert.match(home.words, /Ốm đau, tai nạn, chữa bệnh/);
  assert.doesNotMatch(home.words, /Sinh con/, 'an event without a procedure is not shown');
  const event = /href="(\/thu-tuc\?event=om-dau)"/.exec(home.text)[1];
  const list = await visitor.get(event);
  assert.match(list.words, /mắc bệnh hiểm nghèo/);
  assert.doesNotMatch(list.words, /cấp lại giấy phép hành nghề/);
  const start = /href="(\/thu-tuc\/2\.002767)"/.exec(list.text)[1];
  const page = await visitor.get(start);
  const apply = /href="(\/nop-ho-so\/2\.002767)"/.exec(page.text)[1];
  const asked = await visitor.get(apply);
  assert.equal(asked.status, 303);
  assert.match(asked.headers.get('location'), /^\/dang-nhap\?return=/);
});

test('an event keeps its place beside other filters, and one that nobody knows filters nothing', async () => {
  const both = await me.get('/thu-tuc?event=om-dau&channel=online');
  assert.match(both.words, /2\.002767/);
  assert.doesNotMatch(both.words, /2\.002761/, 'not offered online');
  const all = await me.get('/thu-tuc?event=khong-co');
  assert.match(all.words, /Trang sau/);
});

test('an office words its own events; a wrong file stops the start with its place', async () => {
  const own = await openOffice({ serve: false }), file = join(own.data, 'life-events.json');
  const event = { id: 'tau-thuyen', icon: 'travel', title_vi: 'Tàu thuyền vào cảng', title_en: 'Ships', words: ['tàu biển'] };
  writeFileSync(file, JSON.stringify({ versions: [{ from: '2026-01-01', events: [event] }] }));
  await own.serve();
  const home = await new Visitor(own).get('/');
  assert.match(home.words, /Tàu thuyền vào cảng/);
  assert.doesNotMatch(home.words, /Ốm đau/);
  await own.stop();
  writeFileSync(file, JSON.stringify({ versions: [{ from: '2026-01-01', events: [{ ...event, words: [] }] }] }));
  await assert.rejects(own.serve(), /did not open/);
  assert.match(own.log, /life events cannot be used|sự kiện/);
  await own.close();
});

test('one text of the requirements: every version has a lasting address, and the dossier names its own', async () => {
  const code = await submit(), page = await me.get(`/ho-so/${code}`);
  const address = new RegExp(`href="(/thu-tuc/${CODE}\\?version=1)"`).exec(page.text)[1];
  const text = await new Visitor(office).get(address);
  assert.match(text.words, /Phiên bản 1/);
  assert.match(text.words, /Đường đi của hồ sơ/);
  assert.equal((await me.get(`/thu-tuc/${CODE}?version=9`)).status, 404);
});

test('the picture and its table say where the dossier is, for the applicant and for who has the receipt', async () => {
  const code = await submit();
  const way = wholeWay('');
  for (const [login, act, fields] of way.slice(0, 3)) await (await office.as(login)).act(code, act, fields);
  const page = await me.get(`/ho-so/${code}`);
  assert.match(page.words, /Bước 4\/6: Phê duyệt\./);
  assert.match(page.text, /<tr[^>]*aria-current="step"[^>]*><th[^>]*>Phê duyệt<\/th>/);
  assert.match(page.words, /Bước tiếp theo Phát hành kết quả/);
  assert.match(page.words, /Còn \d+ ngày làm việc/);
  const receipt = await me.get(`/ho-so/${code}/da-nop`);
  assert.equal([...receipt.text.matchAll(/<code class="mc-break">[0-9a-f]{64}<\/code>/g)].length, 2, 'every file with its whole fingerprint');
  const token = /href="(\/tra-cuu\/[^"]+)"/.exec(receipt.text)[1];
  const stranger = await new Visitor(office).get(token);
  assert.match(stranger.words, /Bước 4\/6: Phê duyệt\./);
  assert.doesNotMatch(stranger.words, /Ngọc Ánh|Hồ sơ đủ điều kiện/);
  for (const [login, act, fields] of way.slice(3)) await (await office.as(login)).act(code, act, fields);
  assert.match((await me.get(`/ho-so/${code}`)).words, /Đã qua hết 6 bước\./);
});

test('what was taken back is not drawn as done', async () => {
  const code = await submit();
  for (const [login, act, fields] of wholeWay('').slice(0, 3)) await (await office.as(login)).act(code, act, fields);
  const undone = await (await office.as('chuyenvien')).act(code, 'undo', { reason: 'Nhầm hồ sơ.' });
  assert.equal(undone.status, 200, undone.text);
  assert.match((await me.get(`/ho-so/${code}`)).words, /Bước 3\/6: Thẩm định\./);
});

test('a look-up by code says what the status means, and nothing of anybody', async () => {
  const code = await submit();
  await (await office.as('tiepnhan')).act(code, 'request-supplement', { reason: 'Thiếu bản đồ của ông An', until: '2027-01-04' });
  const page = await new Visitor(office).get(`/tra-cuu?ma=${code.toLowerCase()}`);
  assert.match(page.words, /đang chờ người nộp bổ sung giấy tờ/);
  assert.doesNotMatch(page.words, /bản đồ|Ngọc Ánh/);
});


test('pages of who is not signed in are compressed, those with a secret never', async () => {
  const open = await fetch(office.url + '/', { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(open.headers.get('content-encoding'), 'gzip');
  assert.match(await open.text(), /<\/html>\s*$/);
  assert.equal((await fetch(office.url + '/', { headers: { 'accept-encoding': 'identity' } })).headers.get('content-encoding'), null);
  const own = await me.get('/', { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(own.headers.get('content-encoding'), null);
});

test('my dossiers by whose turn it is, by code, page after page, with hundreds of them', async () => {
  const party = { role: 'owner', kind: 'business', name: 'Công ty TNHH Đức Phú', identities: [{ type: 'enterprise_number', value: '5801999008' }] };
  const business = await office.as('doanhnghiep'), mine = await office.signIn('doanhnghiep');
  const own = await submission(business, CODE, { party: { ...party, phone: '0912 345 678', email: 'ducphu@example.vn', address: 'Số 1 đường Trần Phú, thành phố Hà Nội' } });
  const agent = { role: 'representative', kind: 'citizen', basis: 'legal', name: 'Trần Văn Bình', phone: '0987 654 321', identities: [{ type: 'personal_id', value: '079078001234' }] };
  const codes = [];
  for (let n = 0; n < 90; n++) {
    const r = await business.post('/api/v1/dossiers', { ...own, parties: [...own.parties, agent] }, { headers: { 'idempotency-key': `nhieu-${n}` } });
    assert.equal(r.status, 201, r.text);
    codes.push(r.body.code);
  }
  await (await office.as('tiepnhan')).act(codes[7], 'refuse', { reason: 'Không thuộc thẩm quyền.' });
  await (await office.as('tiepnhan')).act(codes[3], 'request-supplement', { reason: 'Thiếu bản đồ', until: '2027-01-04' });
  const first = await mine.get('/ho-so-cua-toi'), shown = page => codes.filter(c => page.text.includes(`/ho-so/${c}"`));
  assert.deepEqual(shown(first), codes.slice(70));
  const next = /href="(\/ho-so-cua-toi\?cursor=[^"]+)"/.exec(first.text)[1];
  assert.deepEqual(shown(await mine.get(next.replaceAll('&amp;', '&'))), codes.slice(50, 70));
  assert.deepEqual(shown(await mine.get('/ho-so-cua-toi?loc=cho-toi')), [codes[3]]);
  assert.deepEqual(shown(await mine.get('/ho-so-cua-toi?loc=da-xong')), [codes[7]]);
  assert.deepEqual(shown(await mine.get(`/ho-so-cua-toi?q=${codes[0]}`)), [codes[0]]);
  assert.match((await mine.get('/ho-so-cua-toi?q=khong-co-gi')).words, /Không có hồ sơ nào/);
});
