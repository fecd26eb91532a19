// Appointments at the counter: booked by citizens in the agency's open hours, never twice in one place however many ask at once,
// cancelled, reminded of, kept with a number that is called before others, missed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, Visitor } from './support/office.mjs';

const CODE = '1.013124', CLOCK = '2026-11-23T00:00:00Z'; // Monday, seven in the morning in Việt Nam
let office, citizen, officer, admin;
before(async () => {
  office = await openOffice({ made: CLOCK, env: { MOTCUA_CLOCK: CLOCK } });
  [citizen, officer, admin] = [await office.signIn('congdan'), await office.signIn('tiepnhan'), await office.signIn('quantri')];
});
after(() => office.close());

const where = answer => answer.headers.get('location');
const page = (visitor, day) => visitor.get(`/dat-hen?thu-tuc=${CODE}&co-quan=G11&ngay=${day}`);
const slots = p => [...p.text.matchAll(/name="at" value="([^"]*)"[^>]*?(disabled)?>\s*([\d:]+)</g)].map(m => ({ at: m[1], isFull: !!m[2], label: m[3] }));
async function book(visitor, day, at) {
  const shown = await page(visitor, day);
  return visitor.post('/dat-hen', { ...shown.form('/dat-hen'), at });
}
async function set(fields) {
  const form = (await admin.get('/quan-tri/quay')).form('/quan-tri/quay');
  return admin.post('/quan-tri/quay', { ...form, ...fields });
}

test('the office says how many places; wrong numbers are told at their fields', async () => {
  const wrong = await set({ desks: '0', lines: 'nộp' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /href="#lines"/);
  assert.equal(where(await set({ slot_places: '2', slot_minutes: '30', days_ahead: '14', lines: 'A Nộp hồ sơ\nC Tư vấn' })), '/quan-tri/quay');
  assert.match((await officer.get('/tiep-nhan')).words, /C – Tư vấn/);
});

test('a citizen books within open hours, once a day, and cancels', async () => {
  const shown = await page(citizen, '2026-11-24'), all = slots(shown);
  assert.ok(all.length > 8, `${all.map(s => s.label)}`);
  assert.ok(!all.some(s => s.label >= '11:30' && s.label < '13:00'), 'nothing at noon');
  assert.doesNotMatch(shown.words, /28\/11\/2026/, 'nor on Saturday');
  assert.equal(where(await book(citizen, '2026-11-24', all[0].at)), '/lich-hen');
  assert.equal(where(await book(citizen, '2026-11-24', all[0].at)), '/lich-hen', 'a second click is the same appointment');
  assert.equal((await book(citizen, '2026-11-24', all[1].at)).status, 409, 'one a day');
  assert.equal((await book(citizen, '2026-11-24', '2026-11-24T05:00:00Z')).status, 422, 'not at noon');
  assert.equal((await book(citizen, '2026-11-24', '2027-11-24T01:00:00Z')).status, 422, 'not in a year');
  const own = await citizen.get('/lich-hen'), cancel = /action="(\/lich-hen\/\d+\/huy)"/.exec(own.text)[1];
  assert.equal((await (await office.signIn('doanhnghiep')).post(cancel, { csrf: (await (await office.signIn('doanhnghiep')).get('/lich-hen')).form('/dang-xuat').csrf })).status, 403);
  assert.equal(where(await citizen.post(cancel, own.form(cancel))), '/lich-hen');
  assert.match((await citizen.get('/lich-hen')).words, /Đã hủy/);
  assert.equal((await citizen.post(cancel, own.form(cancel))).status, 409);
});

test('many ask for the last place at once: nobody stands in another’s place', async () => {
  await set({ slot_places: '1' });
  const visitors = [];
  for (let i = 0; i < 12; i++) {
    const visitor = new Visitor(office), form = (await visitor.get('/dang-ky')).form('/dang-ky');
    const made = await visitor.post('/dang-ky', { ...form, kind: 'citizen', name: `Người Thứ ${i}`, number: `0791900020${10 + i}`, login: `nguoi${i}`, password: `mat-khau-dai-${i}` });
    assert.equal(made.status, 303, made.words);
    visitors.push(visitor);
  }
  const at = slots(await page(visitors[0], '2026-11-25'))[2].at;
  const forms = await Promise.all(visitors.map(async v => (await page(v, '2026-11-25')).form('/dat-hen')));
  const answers = await Promise.all(visitors.map((v, i) => v.post('/dat-hen', { ...forms[i], at })));
  assert.deepEqual(answers.map(a => a.status).sort(), [303, ...Array(11).fill(409)]);
  assert.match(answers.find(a => a.status === 409).words, /Vừa có người đặt mất chỗ cuối cùng/);
});

test('kept today it gets a number before the others; the office may cancel, and says why', async () => {
  await set({ slot_places: '2' });
  const own = await office.signIn('congdan'), today = slots(await page(own, '2026-11-23'));
  assert.equal(where(await book(own, '2026-11-23', today[0].at)), '/lich-hen');
  const shown = /href="(\/lich-hen\/[\w-]{32})"/.exec((await own.get('/lich-hen')).text)[1];
  const stranger = new Visitor(office), card = await stranger.get(shown);
  assert.equal(card.status, 200);
  assert.doesNotMatch(card.words, /Nguyễn|Trần/, 'it does not say whose it is');
  assert.match((await stranger.get(`${shown}/ma-qr.svg`)).text, /^<svg/);
  const counter = (await officer.get('/tiep-nhan')).form('/tiep-nhan');
  const kept = await officer.post('/tiep-nhan', { ...counter, scan: `${office.url}${shown}` });
  assert.equal(where(kept), '/tiep-nhan/lich-hen', kept.words);
  assert.match((await stranger.get(shown)).words, /Số của quý vị ?: A001/);
  assert.match((await officer.get('/tiep-nhan/lich-hen')).words, /Đã đến/);
  assert.equal((await officer.post('/tiep-nhan', { ...counter, scan: `${office.url}${shown}` })).status, 422, 'once');

  const there = slots(await page(own, '2026-11-26'));
  await book(own, '2026-11-26', there[0].at);
  const day = await officer.get('/tiep-nhan/lich-hen?ngay=2026-11-26'), address = /action="(\/tiep-nhan\/lich-hen\/\d+)"/.exec(day.text)[1];
  assert.doesNotMatch(day.text, /value="came"/, 'not before its day');
  assert.equal((await officer.post(address, { ...day.form(address), what: 'cancel', reason: '' })).status, 422);
  assert.equal(where(await officer.post(address, { ...day.form(address), what: 'cancel', reason: 'Mất điện cả ngày.' })), '/tiep-nhan/lich-hen');
  await office.settled();
  const notices = await own.get('/thong-bao');
  assert.match(notices.words, /Cơ quan đã hủy lịch hẹn của quý vị/);
  assert.match(notices.text, /href="\/lich-hen"/);
  assert.match((await own.get('/lich-hen')).words, /Mất điện cả ngày/);
});

test('the start page of a procedure leads to booking, and the booking is confirmed', async () => {
  await set({ slot_places: '2' });
  const own = await office.signIn('doanhnghiep'), start = await own.get(`/thu-tuc/${CODE}`);
  const link = /href="(\/dat-hen\?thu-tuc=[^"]*co-quan=G11)"/.exec(start.text)[1].replaceAll('&amp;', '&');
  const offered = await own.get(link);
  assert.equal(offered.status, 200);
  assert.ok(slots(offered).length > 0, 'one press, and the times stand there');
  await own.post('/dat-hen', { ...offered.form('/dat-hen'), at: slots(offered).find(s => s).at });
  await eventually('the notice', async () => /Đã đặt lịch hẹn/.test((await own.get('/thong-bao')).words));
});

test('a day ahead its holder is reminded, once', async () => {
  const later = await openOffice({ serve: false, made: CLOCK });
  try {
    await later.serve([], { MOTCUA_CLOCK: CLOCK });
    const who = await later.signIn('congdan'), days = await who.get(`/dat-hen?thu-tuc=${CODE}&co-quan=G11&ngay=2026-11-26`);
    await who.post('/dat-hen', { ...days.form('/dat-hen'), at: slots(days)[0].at });
    await later.stop();
    await later.serve([], { MOTCUA_CLOCK: '2026-11-25T06:00:00Z' });
    const again = await later.signIn('congdan');
    const told = async () => [...(await again.get('/thong-bao')).words.matchAll(/Sắp đến lịch hẹn/g)].length;
    await eventually('the reminder', told);
    await later.settled();
    assert.equal(await told(), 1);
  } finally {
    await later.close();
  }
});
