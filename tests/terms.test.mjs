// When a result is due: the real program at fixed moments of 2026, over the calendar that was announced for that year. Every expected
// moment was counted by hand from the announcements (31 August swapped with Saturday 22 August; 1 and 2 September; 24 November).
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';

const made = '2026-01-05T01:00:00Z'; // the offices' first day
const offices = [];
after(() => Promise.all(offices.map(o => o.close())));

const local = text => new Date(`${text.replace(' ', 'T')}:00+07:00`);
const commune = { agency: 'H36.22963', suffix: '.xa' };

// A dossier received at a local moment, by its receiver.
async function receivedAt(moment, code, { agency = 'G11', suffix = '', channel = 'online', caseId } = {}) {
  const office = await openOffice({ made, env: { MOTCUA_CLOCK: local(moment).toISOString() } });
  offices.push(office);
  const citizen = await office.as('congdan'), receiver = await office.as(`tiepnhan${suffix}`);
  const sender = channel === 'online' ? citizen : receiver;
  const body = await submission(sender, code, { agency, channel });
  if (caseId) body.case = caseId;
  const sent = await sender.post('/api/v1/dossiers', body);
  assert.equal(sent.status, 201, sent.text);
  assert.equal(sent.body.due_at, null, 'no clock before receipt');
  const received = await receiver.act(sent.body.code, 'receive');
  assert.equal(received.status, 200, received.text);
  const late = Date.parse(received.body.received_at) - local(moment).getTime();
  assert.ok(late >= 0 && late < 60e3, received.body.received_at);
  return { office, citizen, receiver, code: sent.body.code, late, ...received.body };
}

const dueAt = (dossier, moment, late) => assert.ok(Math.abs(Date.parse(dossier.due_at) - local(moment).getTime() - late) <= 1, `due ${dossier.due_at}, expected ${moment} and ${late} ms`);

// [what, received, procedure, due, term, options]; the time since the start runs on in limits of working time
const cases = [
  ['10 working days over the make-up Saturday and the National Day', '2026-08-20 10:00', '1.013200', '2026-09-07 10:00', '10wd', {}],
  ['10 working days received on Friday evening count from Monday morning', '2026-08-07 18:00', '1.013200', '2026-08-21 17:00', '10wd', { isExact: true }],
  ['10 working days received during the noon break', '2026-08-03 12:10', '1.013200', '2026-08-17 11:30', '10wd', { isExact: true }],
  ['10 working days over the Day of Culture', '2026-11-23 09:00', '1.013200', '2026-12-08 09:00', '10wd', {}],
  ['10 working days into a year not yet announced are provisional', '2026-12-21 10:00', '1.013200', '2027-01-05 10:00', '10wd', { provisional: true }],
  ['15 days end on a day off and move past it', '2026-08-17 10:00', '1.013555', '2026-09-03 17:00', '15d', { isExact: true }],
  ['15 days do not count the first day', '2026-08-20 08:00', '1.013555', '2026-09-04 17:00', '15d', { isExact: true }],
  ['15 days received at night count from the next day', '2026-08-20 23:30', '1.013555', '2026-09-04 17:00', '15d', { isExact: true }],
  ['an hour at a border gate runs on a Sunday night', '2026-08-30 23:30', '1.013517', '2026-08-31 00:30', '1h/7', commune],
  ['2 hours of an office stop at noon', '2026-08-05 10:30', '1.013133', '2026-08-05 14:00', '2h', commune],
  ['2 hours received before five go on after the holidays', '2026-08-28 16:30', '1.013133', '2026-09-03 09:00', '2h', commune],
  ['half an hour at a border gate', '2026-08-29 03:00', '1.013585', '2026-08-29 03:30', '0.5h/7', { ...commune, channel: 'counter', caseId: '30-minutes' }],
];

for (const [what, received, code, due, term, options] of cases)
  test(what, async () => {
    const dossier = await receivedAt(received, code, options);
    dueAt(dossier, due, options.isExact ? 0 : dossier.late);
    assert.equal(dossier.due_rule.term, term);
    assert.match(dossier.due_rule.calendar_version, /^[0-9a-f]{64}$/);
    assert.equal(dossier.due_rule.provisional, options.provisional ?? false);
    await dossier.office.close();
  });

test('zero hours at a border gate are on the spot: by midnight, not late at once', async () => {
  const dossier = await receivedAt('2026-08-05 09:00', '1.013562', { ...commune, channel: 'counter' });
  dueAt(dossier, '2026-08-06 00:00', 0);
  assert.equal(dossier.due_rule.term, '0h/7');
});

test('without a term nothing is due, and nobody is late', async () => {
  const dossier = await receivedAt('2026-08-05 09:00', '1.013144', commune);
  assert.equal(dossier.due_at, null);
  assert.equal(dossier.due_rule, null);
  const task = (await (await dossier.office.as('chuyenvien.xa')).get('/api/v1/tasks')).body.items.find(t => t.dossier === dossier.code);
  assert.equal(task.due, null);
});

test('each case of a procedure has its own term', async () => {
  const first = await receivedAt('2026-08-03 09:00', '1.013285', { caseId: '10-working-days' });
  const second = await receivedAt('2026-08-03 09:00', '1.013285', { caseId: '15-working-days' });
  dueAt(first, '2026-08-17 09:00', first.late);
  dueAt(second, '2026-08-22 09:00', second.late); // a working Saturday
  assert.equal(first.due_rule.calendar_version, second.due_rule.calendar_version);
});

test('papers asked for after receipt start the clock anew when they come, and not before', async () => {
  const dossier = await receivedAt('2026-08-20 10:00', '1.013200');
  const { office, code } = dossier;
  const specialist = await office.as('chuyenvien');
  const asked = await specialist.act(code, 'request-supplement', { reason: 'Thiếu bản vẽ; Nghị định 118/2025/NĐ-CP.' });
  assert.equal(asked.status, 200, asked.text);
  assert.equal(asked.body.status, 5);
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: local('2026-09-03 09:00').toISOString() });
  const waiting = (await dossier.citizen.get(`/api/v1/dossiers/${code}`)).body;
  assert.equal(waiting.status, 5);
  const sent = await dossier.citizen.act(code, 'supplement', { note: 'Tôi gửi đủ.' });
  assert.equal(sent.status, 200, sent.text);
  const late = Date.parse(sent.body.due_at) - local('2026-09-17 09:00').getTime();
  assert.ok(late >= 0 && late < 60e3, sent.body.due_at);
  assert.equal(sent.body.received_at, dossier.received_at, 'the receipt keeps its day');
});

test('papers asked for before receipt: the clock begins at receipt', async () => {
  const office = await openOffice({ made, env: { MOTCUA_CLOCK: local('2026-08-03 09:00').toISOString() } });
  offices.push(office);
  const citizen = await office.as('congdan'), receiver = await office.as('tiepnhan');
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013200', { agency: 'G11' }))).body;
  await receiver.act(code, 'request-supplement', { reason: 'Thiếu ảnh.' });
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: local('2026-08-10 14:00').toISOString() });
  assert.equal((await citizen.act(code, 'supplement', { note: 'Đã gửi.' })).body.due_at, null);
  const received = (await receiver.act(code, 'receive')).body;
  const late = Date.parse(received.due_at) - local('2026-08-22 14:00').getTime();
  assert.ok(late >= 0 && late < 60e3, received.due_at);
});

test('a late dossier stands first in the inbox and says how late it is', async () => {
  const dossier = await receivedAt('2026-08-20 10:00', '1.013200');
  const { office } = dossier;
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: local('2026-09-08 10:00').toISOString() });
  const next = await submission(dossier.citizen, '1.013200', { agency: 'G11' });
  const later = (await dossier.citizen.post('/api/v1/dossiers', next)).body.code;
  await dossier.receiver.act(later, 'receive');
  const tasks = (await (await office.as('chuyenvien')).get('/api/v1/tasks')).body.items;
  assert.deepEqual(tasks.map(t => t.dossier), [dossier.code, later]);
  assert.ok(Date.parse(tasks[0].due) < local('2026-09-08 10:00').getTime());
});

test('a clock that is no instant is refused with a sentence', async () => {
  const office = await openOffice({ made, serve: false });
  offices.push(office);
  await assert.rejects(office.serve([], { MOTCUA_CLOCK: 'tomorrow' }), /MOTCUA_CLOCK|tomorrow/);
});
