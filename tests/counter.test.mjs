// The counter: one field for everything that is scanned, who stands there known without a number in any address, twenty receptions
// in a row, and the queue that calls them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, Visitor } from './support/office.mjs';

const CODE = '1.013124', NUMBER = '079190001234', CARD = `${NUMBER}|024123456|Trần Thị Bích Vân|12031990|Nữ|12 Lê Lợi, phường Bến Nghé|15062022`;
const CLOCK = '2026-11-23T02:00:00Z'; // Monday, nine in the morning in Việt Nam
let office, officer, api;
before(async () => {
  office = await openOffice({ made: CLOCK, env: { MOTCUA_CLOCK: CLOCK } });
  officer = await office.signIn('tiepnhan');
  api = await office.as('tiepnhan');
});
after(() => office.close());

const where = answer => answer.headers.get('location');
const type = async (scan, visitor = officer) => visitor.post('/tiep-nhan', { ...(await visitor.get('/tiep-nhan')).form('/tiep-nhan'), scan });
const desk = async fields => officer.post('/tiep-nhan/quay', { ...(await officer.get('/tiep-nhan')).form('/tiep-nhan/quay'), ...fields });
const onDisk = () => office.stored();

// A card, some letters, one tick, one key.
async function receive(card = CARD, fields = {}) {
  await type(card);
  const address = where(await type(CODE));
  const form = (await officer.get(address)).form(address);
  return officer.post(address, { ...form, all: 'yes', way: 'receive', ...fields });
}

test('a card is scanned, the procedure named, the papers ticked: received with a receipt', async () => {
  assert.equal(where(await type(CARD)), '/tiep-nhan', 'nothing of the card is in the address');
  const counter = await officer.get('/tiep-nhan');
  assert.match(counter.words, /Trần Thị Bích Vân.*079\*+34.*12\/03\/1990/);
  assert.doesNotMatch(counter.text, new RegExp(NUMBER));
  const address = where(await type(CODE));
  assert.equal(address, `/tiep-nhan/ho-so/${CODE}`);
  const page = await officer.get(address);
  assert.match(page.words, /Trần Thị Bích Vân/);
  assert.doesNotMatch(page.text, new RegExp(NUMBER));
  assert.match(page.text, /12 Lê Lợi/);
  const form = page.form(address);
  const missing = await officer.post(address, { ...form, way: 'receive' });
  assert.equal(missing.status, 422, 'a required paper that nobody saw');
  const done = await officer.post(address, { ...form, all: 'yes', way: 'receive', 'parties/0/phone': '0912 345 678', signed: 'yes' });
  assert.equal(done.status, 303, done.text);
  const code = /vua=(.*)$/.exec(where(done))[1], dossier = (await api.get(`/api/v1/dossiers/${code}`)).body;
  assert.deepEqual([dossier.status, dossier.channel, dossier.confirmation.manner], [2, 'counter', 'paper']);
  assert.ok(dossier.due_at);
  assert.equal(dossier.parties[0].name, 'Trần Thị Bích Vân');
  const after = await officer.get(where(done));
  assert.match(after.words, new RegExp(`Vừa tiếp nhận ${code}`));
  assert.doesNotMatch(after.words, /Bích Vân/, 'the next person does not see the one before');
  const receipt = /href="(\/ho-so\/[^"]*receipt.pdf)"/.exec(after.text)[1];
  assert.equal((await officer.get(receipt)).headers.get('content-type'), 'application/pdf');
  assert.match((await officer.get(/src="(\/tra-cuu\/[^"]*ma-qr.svg)"/.exec(after.text)[1])).text, /^<svg/);
  assert.match((await api.get(`/api/v1/dossiers/${code}/history`)).text, /Giấy tờ đã nhận: /);
  const checks = (await api.get(`/api/v1/dossiers/${code}/checks`)).body;
  assert.deepEqual([...new Set(checks.items.map(c => c.state))], ['seen'], 'and in the check-list of its papers');

  const again = await officer.post(address, { ...form, all: 'yes', way: 'receive', 'parties/0/phone': '0912 345 678', 'parties/0/name': 'x' });
  assert.notEqual(again.status, 500);
  await type(CARD);
  assert.match((await officer.get('/tiep-nhan')).words, new RegExp(`Hồ sơ của người này tại đây ${code}`), 'the same card shows the dossier');
  assert.doesNotMatch(onDisk(), new RegExp(NUMBER), 'the number is nowhere in clear');
  assert.doesNotMatch(office.log, new RegExp(`${NUMBER}|Bích Vân`), 'nor in the log');
});

test('sent twice it is one dossier', async () => {
  await type(CARD);
  const address = `/tiep-nhan/ho-so/${CODE}`;
  const form = { ...(await officer.get(address)).form(address), all: 'yes', way: 'receive' };
  const [one, other] = await Promise.all([officer.post(address, form), officer.post(address, form)]);
  const codes = [one, other].filter(a => a.status === 303).map(a => where(a));
  assert.equal(new Set(codes).size, 1, `${codes}`);
});

test('whoever has no card is written down; what is incomplete is filed without receipt', async () => {
  await officer.post('/tiep-nhan/nguoi', { ...(await officer.get('/tiep-nhan')).form('/tiep-nhan'), what: 'next' });
  const address = `/tiep-nhan/ho-so/${CODE}`, form = (await officer.get(address)).form(address);
  const wrong = await officer.post(address, { ...form, way: 'file', 'parties/0/phone': '12' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /href="#parties-0-name"/);
  const filed = await officer.post(address, { ...form, way: 'file', 'parties/0/name': 'Lê Văn Không Thẻ', 'parties/0/identities/0/value': '079190001235' });
  assert.match(where(filed), /^\/ho-so\//);
  assert.equal((await api.get(`/api/v1/dossiers/${where(filed).split('/')[2]}`)).body.status, 1);
  const bySteps = { ...form, way: 'steps', 'parties/0/name': 'Lê Văn Không Thẻ', 'parties/0/identities/0/value': '079190001235' };
  const steps = await officer.post(address, bySteps);
  assert.equal(where(await officer.post(address, bySteps)), where(steps), 'pressed twice it is one draft');
  assert.match(where(steps), new RegExp(`^/nop-ho-so/${CODE}/\\d+$`));
  assert.match((await officer.get(`${where(steps)}/nguoi-nop`)).text, /Lê Văn Không Thẻ/);
});

test('everything that can be scanned leads to its place; garbage is refused with a sentence and kept nowhere', async () => {
  const code = /vua=(.*)$/.exec(where(await receive()))[1];
  assert.equal(where(await type(code.toLowerCase())), `/ho-so/${code}`);
  const follow = /src="(\/tra-cuu\/[^"]*)\/ma-qr.svg"/.exec((await officer.get(`/tiep-nhan?vua=${code}`)).text)[1];
  assert.equal(where(await type(`${office.url}${follow}`)), `/ho-so/${code}`, 'the code of a receipt');
  assert.equal(where(await type('079190001234')), '/tiep-nhan');
  assert.match((await officer.get('/tiep-nhan')).words, new RegExp(code), 'a number that was typed finds the dossiers here');
  for (const garbage of ['12|34|56|78', 'HELLO|WORLD|X|Y|Z', `${NUMBER}||Tên|99999999|Nam|Địa chỉ|`, '|||||||', 'x'.repeat(1200)]) {
    const refused = await type(garbage);
    assert.equal(refused.status, 422, garbage);
    assert.match(refused.text, /id="scan-error"/);
  }
  const words = await type('xuat canh');
  assert.ok(words.status === 200 || where(words).startsWith('/tiep-nhan/ho-so/'));
  assert.equal((await type('zzzzqqqq')).status, 200);
  const citizen = await office.signIn('congdan');
  assert.equal((await citizen.get('/tiep-nhan')).status, 403);
});

test('the screen lists today, the post, and what this officer files most', async () => {
  const page = await officer.get('/tiep-nhan');
  assert.match(page.text, new RegExp(`href="/tiep-nhan/ho-so/${CODE}" data-mc-key="1"`));
  const daily = await officer.get('/so/daily');
  assert.equal(daily.status, 200);
  assert.match(daily.words, /Trần Thị Bích Vân/);
  assert.match(daily.words, /Tiếp nhận/);
  for (const book of ['postal', 'postal-in']) assert.equal((await officer.get(`/so/${book}`)).status, 200, book);
  assert.equal((await officer.get('/so/daily.pdf')).headers.get('content-type'), 'application/pdf');
});

// ---- the queue ----

const identifier = async () => /\/bang-so\/([^"]*)"/.exec((await officer.get('/tiep-nhan')).text)[1];
const kiosk = async () => {
  const admin = await office.signIn('quantri');
  return /href="(\/lay-so\/[^"?]*\?may=[^"]*)"/.exec((await admin.get('/quan-tri/quay')).text)[1].replaceAll('&amp;', '&');
};
async function take(line, priority = '') {
  const visitor = new Visitor(office), address = await kiosk();
  const page = await visitor.get(`${address}&dong=${line}`), base = address.split('?')[0];
  const taken = await visitor.post(base, { ...page.form(base), priority });
  assert.equal(taken.status, 303, taken.text);
  return { visitor, address: where(taken), number: /mc-counter-number__n">([A-Z]\d+)</.exec((await visitor.get(where(taken))).text)[1] };
}
const called = page => /mc-counter-desk__number">([A-Z]\d+)</.exec(page.text)?.[1];

test('numbers are called in the order of the law and of coming, again, not there, sent on, back', async () => {
  const first = await take('A'), second = await take('A'), elderly = await take('A', 'elderly'), other = await take('B');
  assert.deepEqual([first.number, second.number, elderly.number, other.number], ['A001', 'A002', 'A003', 'B001']);
  assert.match((await second.visitor.get(second.address)).words, /Còn 2 người trước quý vị/);
  assert.equal((await desk({ act: 'next' })).status, 422, 'who has no desk calls nobody');
  assert.equal(where(await desk({ act: 'sit', desk: '3', line: '' })), '/tiep-nhan');
  await desk({ act: 'next' });
  assert.equal(called(await officer.get('/tiep-nhan')), 'A003', 'whom the law favours goes first');
  await desk({ act: 'next' });
  assert.equal(called(await officer.get('/tiep-nhan')), 'A001');
  const screen = new Visitor(office), board = `/bang-so/${await identifier()}`;
  const shown = await screen.get(board);
  assert.equal(shown.headers.get('refresh'), '10');
  assert.match(shown.words, /A001 3/);
  assert.match((await first.visitor.get(first.address.split('?')[0])).words, /Mời quý vị đến quầy 3/);
  await desk({ act: 'again' });
  await desk({ act: 'missed' });
  assert.match((await screen.get(board)).words, /Đã gọi, chưa có mặt A001/);
  await desk({ act: 'next' });
  assert.equal(called(await officer.get('/tiep-nhan')), 'A002');
  await desk({ act: 'transfer', to: 'B' });
  await type('a1');
  assert.equal(called(await officer.get('/tiep-nhan')), 'A001', 'who comes back is called by their number');
  await desk({ act: 'next' });
  assert.equal(called(await officer.get('/tiep-nhan')), 'B002', 'sent on, it keeps its place by the time it came');
  await desk({ act: 'next' });
  assert.equal(called(await officer.get('/tiep-nhan')), 'B001');
  await desk({ act: 'done' });
  await desk({ act: 'next' });
  assert.match((await officer.get('/tiep-nhan')).words, /Không có ai đang chờ/);
  const waiting = await (await office.signIn('lanhdao')).get('/tiep-nhan/thoi-gian-cho');
  assert.match(waiting.words, /23\/11\/2026 4 4 0 0 phút 0 phút/);
  assert.match(waiting.text, /<svg/);
});

test('a phone takes one number while the counter is open; the kiosk’s key cannot be guessed', async () => {
  const phone = new Visitor(office), base = `/lay-so/${await identifier()}`;
  const form = (await phone.get(`${base}?dong=A`)).form(base);
  const one = where(await phone.post(base, { ...form, priority: '' }));
  assert.match(one, /^\/so-thu-tu\/[\w-]{32}$/);
  assert.equal(where(await phone.post(base, { ...form, priority: '' })), one, 'one at a time');
  assert.equal((await phone.get(`${base}?may=AAAA&dong=A`)).headers.get('refresh'), null, 'a wrong key is a phone');
  assert.equal((await phone.get(one.slice(0, -1) + (one.endsWith('A') ? 'B' : 'A'))).status, 404);
  assert.equal((await phone.post(base, { ...form, line: 'Z', priority: '' })).status, 303, 'its own number again');
  assert.equal((await new Visitor(office).post(base, { ...form, line: 'Z' })).status, 422);
  assert.equal(where(await type(`${office.url}${one}`)), '/tiep-nhan', 'shown at the desk it is called');
  assert.equal((await phone.get('/lay-so/X99.99')).status, 404);
});

test('twenty in a row: each is a card, one word, one tick, one Enter', async () => {
  for (let i = 0; i < 20; i++) {
    const number = `0791900${String(10000 + i).slice(1)}`.padEnd(12, '7');
    const done = await receive(`${number}||Người thứ ${i + 1}|01011990|Nam|Số ${i + 1} phố Huế|01012023`);
    assert.match(where(done), /vua=/);
  }
});
