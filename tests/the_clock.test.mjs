// Working time as people live it: offices of other hours, a calendar that changes while dossiers wait, a clock that stands.
// What a limit means on real dates is terms.test.mjs.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, openOffice, submission } from './support/office.mjs';

const made = '2026-01-05T01:00:00Z'; // the offices' first day
const offices = [];
after(() => Promise.all(offices.map(o => o.close())));

const local = text => new Date(`${text.replace(' ', 'T')}:00+07:00`);
const clock = moment => ({ MOTCUA_CLOCK: local(moment).toISOString() });
const commune = { agency: 'H36.22963', suffix: '.xa' };

async function officeAt(moment) {
  const office = await openOffice({ made, env: clock(moment) });
  offices.push(office);
  return office;
}

async function received(office, code, { agency = 'G11', suffix = '', channel = 'online' } = {}) {
  const citizen = await office.as('congdan'), receiver = await office.as(`tiepnhan${suffix}`);
  const sender = channel === 'online' ? citizen : receiver;
  const sent = await sender.post('/api/v1/dossiers', await submission(sender, code, { agency, channel }));
  assert.equal(sent.status, 201, sent.text);
  const done = await receiver.act(sent.body.code, 'receive');
  assert.equal(done.status, 200, done.text);
  return done.body;
}

const dueAt = (dossier, moment) => {
  const late = Date.parse(dossier.due_at) - local(moment).getTime();
  assert.ok(late >= 0 && late < 60e3, `due ${dossier.due_at}, expected ${moment}`);
};

const give = async (admin, agency, calendar) => {
  const done = await admin.change(`/api/v1/agencies/${agency}/calendar`, `/api/v1/agencies/${agency}/calendar`, { calendar });
  assert.equal(done.status, 200, done.text);
  return done.body;
};

const own = off => ({ name: 'own', title: 'Lịch riêng', base: 'vietnam', years: [{ year: 2026, off: off.map(from => ({ from, name: 'Lễ hội' })) }] });

test('a calendar that an office takes on a later day is counted by on that day, without anybody doing anything', async () => {
  const office = await officeAt('2026-12-07 09:00'), admin = await office.as('quantri');
  const { code, due_at: before } = await received(office, '1.013200');
  dueAt({ due_at: before }, '2026-12-21 09:00');
  assert.equal((await admin.post('/api/v1/calendars', own(['2026-12-15']))).status, 201);
  const set = await admin.change('/api/v1/agencies/G11/calendar', '/api/v1/agencies/G11/calendar', { calendar: 'own', valid_from: '2026-12-09' });
  assert.equal(set.status, 200, set.text);
  await office.stop();
  await office.serve([], clock('2026-12-08 09:00'));
  await office.settled();
  const due = async () => (await (await office.as('congdan')).get(`/api/v1/dossiers/${code}`)).body;
  dueAt(await due(), '2026-12-21 09:00');
  await office.stop();
  await office.serve([], clock('2026-12-09 09:00'));
  await eventually('the deadline moves', async () => (await due()).due_at !== before);
  dueAt(await due(), '2026-12-22 09:00');
});

test('a changed calendar moves the deadlines of the dossiers that wait, and the applicant is told', async () => {
  const office = await officeAt('2026-12-07 09:00');
  const [admin, citizen] = [await office.as('quantri'), await office.as('congdan')];
  const { code, due_at: before, due_rule: rule } = await received(office, '1.013200');
  dueAt({ due_at: before }, '2026-12-21 09:00');
  const due = async () => (await citizen.get(`/api/v1/dossiers/${code}`)).body;

  assert.equal((await admin.post('/api/v1/calendars', own(['2026-12-10']))).status, 201);
  const given = await give(admin, 'G11', 'own');
  assert.ok(given.batch, 'open deadlines are counted anew');
  const moved = await eventually('the deadline moves', async () => { const d = await due(); return d.due_at !== before && d; });
  dueAt(moved, '2026-12-22 09:00');
  assert.notEqual(moved.due_rule.calendar_version, rule.calendar_version);
  await eventually('the applicant is told', async () => (await citizen.get('/api/v1/notices')).body.items.some(n => n.dossier === code && n.action === 'move-due'));

  // what another day off would change is said before it is in use
  const plan = (await admin.post('/api/v1/calendars?preview=1', own(['2026-12-10', '2026-12-11']))).body;
  assert.deepEqual([plan.effect.open, plan.effect.moved, plan.changed], [1, 1, []]);
  dueAt(await due(), '2026-12-22 09:00');
  const page = await (await office.signIn('quantri')).get('/quan-tri/lich?ten=own&nam=2026');
  assert.equal(page.status, 200);
  assert.match(page.text, /Lịch riêng/);
  assert.match(page.text, /10\/12\/2026/);

  assert.equal((await admin.post('/api/v1/calendars', own(['2026-12-10', '2026-12-11']))).body.changed.length, 1);
  dueAt(await eventually('it moves again', async () => { const d = await due(); return d.due_at !== moved.due_at && d; }), '2026-12-23 09:00');
  // nothing of it is lost by a restart, and the journal says all of it
  await office.stop();
  await office.serve([], clock('2026-12-08 09:00'));
  dueAt(await due(), '2026-12-23 09:00');
  assert.equal((await (await office.as('quantri')).get('/api/v1/agencies/G11/calendar')).body.calendar, 'own');
  const told = await office.command('audit', 'show', code);
  assert.equal((told.stdout.match(/Đã tính lại ngày hẹn|Deadline counted anew/g) ?? []).length, 2, told.stdout);
  await office.close();
});

test('who may not manage agencies publishes no calendar, and a broken one changes nothing', async () => {
  const office = await officeAt('2026-12-07 09:00');
  const [admin, officer] = [await office.as('quantri'), await office.as('chuyenvien')];
  assert.equal((await officer.post('/api/v1/calendars', own([]))).status, 403);
  const broken = await admin.post('/api/v1/calendars', { name: 'own', title: 'x', base: 'vietnam', years: [{ year: 1990 }] });
  assert.equal(broken.status, 422);
  assert.equal(broken.body.errors[0].pointer, '#/years/0/year');
  assert.equal((await admin.change('/api/v1/agencies/G11/calendar', '/api/v1/agencies/G11/calendar', { calendar: 'nobody' })).status, 422);
  assert.equal((await officer.get('/api/v1/calendars')).body.items.length, 1);
  await office.close();
});

test('an office that never closes counts hours by night; a counter on Saturday counts from Monday', async () => {
  const office = await officeAt('2026-12-05 22:15'); // a Saturday
  const admin = await office.as('quantri');
  await admin.post('/api/v1/calendars', { name: 'gate', title: 'Cửa khẩu', base: 'vietnam', round_the_clock: true });
  await admin.post('/api/v1/calendars', { name: 'saturday', title: 'Sáng thứ Bảy', base: 'vietnam', counter: { saturday: ['07:30-11:30'] } });
  await give(admin, commune.agency, 'gate');
  dueAt(await received(office, '1.013133', commune), '2026-12-06 00:15');
  await give(admin, commune.agency, 'saturday');
  const counter = await received(office, '1.013133', commune);
  assert.equal(counter.due_at, local('2026-12-07 09:30').toISOString().replace('.000Z', 'Z'));
  await office.close();
});

test('on Friday at 16:50 before the new year ten minutes are used; the rest is left until after the holidays', async () => {
  const office = await officeAt('2026-02-13 16:50');
  dueAt(await received(office, '1.013133', commune), '2026-02-23 09:20');
  await office.close();
});

test('while the applicant pays the clock stands, and what was left is left', async () => {
  const office = await officeAt('2026-12-07 09:00');
  const { code } = await received(office, '1.013200');
  const specialist = await office.as('chuyenvien');
  const asked = await specialist.act(code, 'request-payment', { amount: 50000, currency: 'VND', reason: 'Lệ phí theo quy định.' });
  assert.equal(asked.status, 200, asked.text);
  assert.equal(asked.body.due_at, null, 'nothing is due while it stands');
  await office.stop();
  await office.serve([], clock('2026-12-09 09:00'));
  const waiting = await (await office.signIn('chuyenvien')).get('/viec?loc=cho');
  assert.match(waiting.text, new RegExp(code));
  const paid = await (await office.as('tiepnhan')).act(code, 'record-payment', { amount: 50000, currency: 'VND', manner: 'cash' });
  assert.equal(paid.status, 200, paid.text);
  const late = Date.parse(paid.body.due_at) - local('2026-12-23 09:00').getTime();
  assert.ok(Math.abs(late) < 120e3, paid.body.due_at); // two working days later, to the seconds that passed
  await office.close();
});

test('no limit of the real procedures is made up: each is one unit of the record, or none with its text', async () => {
  const office = await officeAt('2026-12-07 09:00');
  const citizen = await office.as('congdan');
  let cursor = '', cases = 0, without = 0;
  do {
    const page = (await citizen.get(`/api/v1/procedures?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).body;
    for (const { code } of page.items)
      for (const channel of (await citizen.get(`/api/v1/procedures/${code}`)).body.channels)
        for (const { term } of channel.cases) {
          cases++;
          if (term === null) { without++; continue; }
          const units = ['minutes', 'hours', 'days', 'working_days', 'months'].filter(unit => term[unit] != null);
          assert.ok(units.length <= 1 && typeof term.text === 'string', `${code}: ${JSON.stringify(term)}`);
          without += units.length === 0;
        }
    cursor = page.next_cursor;
  } while (cursor);
  assert.ok(cases > 200 && without > 20, `${cases} cases, ${without} without a limit`);
  await office.close();
});
