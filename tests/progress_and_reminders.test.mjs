// How the work stands, and who is reminded of it: a dossier goes past its deadline while the office is closed and opened again.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { eventually, openOffice, submission } from './support/office.mjs';

const local = text => new Date(`${text.replace(' ', 'T')}:00+07:00`);
const clock = moment => ({ MOTCUA_CLOCK: local(moment).toISOString() });
const offices = [];
after(() => Promise.all(offices.map(o => o.close())));

test('a deadline is announced, an apology drafted, lateness told to the superior; each once', async () => {
  const office = await openOffice({ made: '2026-01-05T01:00:00Z', env: clock('2026-12-07 10:00') });
  offices.push(office);
  const again = async moment => { await office.stop(); await office.serve([], clock(moment)); };
  const notices = async (login, code) => (await (await office.as(login)).get('/api/v1/notices?limit=100')).body.items.filter(n => n.dossier === code).map(n => n.action);
  const citizen = await office.as('congdan');
  const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013200', { agency: 'G11' }))).body;
  await (await office.as('tiepnhan')).act(code, 'receive'); // due on Monday 21 December at 10:00
  assert.equal((await (await office.as('chuyenvien')).act(code, 'assign', { to: 'chuyenvien' })).status, 200);

  await again('2026-12-18 08:00'); // the last morning for an apology
  await eventually('the officer is reminded', async () => (await notices('chuyenvien', code)).includes('remind'));
  const officer = await office.signIn('chuyenvien');
  const page = await officer.get(`/ho-so/${code}`);
  const form = page.form(`/ho-so/${code}/extend`);
  assert.match(form.reason, /^Chúng tôi xin lỗi quý vị/);
  assert.equal(form.until, '2026-12-23');
  assert.equal((await citizen.get(`/api/v1/dossiers/${code}`)).body.due_at.slice(0, 10), '2026-12-21', 'nothing is sent by itself');
  const soon = (await (await office.as('chuyenvien')).get('/api/v1/progress')).body;
  assert.deepEqual([soon.scope, soon.late, soon.today, soon.tomorrow, soon.three_days], ['post', 0, 0, 1, 1]);
  assert.match((await officer.get('/viec?loc=ngay-mai')).text, new RegExp(code));
  assert.ok(!(await officer.get('/viec?loc=hom-nay')).text.includes(code));

  await again('2026-12-22 09:00');
  await eventually('the leader is told', async () => (await notices('lanhdao', code)).includes('escalate'));
  assert.equal((await notices('chuyenvien', code)).filter(a => a === 'remind').length, 2, 'the apology, and that it is late');
  await again('2026-12-22 15:00');
  const leader = await office.as('lanhdao');
  const all = (await leader.get('/api/v1/progress?agency=G11&by=holder')).body;
  assert.deepEqual([all.scope, all.late, all.holders], ['agency', 1, [{ login: 'chuyenvien', name: all.holders[0].name, late: 1, today: 0, tomorrow: 0, three_days: 0 }]]);
  const board = await (await office.signIn('lanhdao')).get('/tien-do?co-quan=G11');
  assert.match(board.text, /<svg[^>]+mc-progress__chart/);
  assert.match(board.text, new RegExp(all.holders[0].name));
  assert.match((await (await office.signIn('chuyenvien')).get('/viec?loc=qua-han')).text, new RegExp(code));
  assert.deepEqual((await notices('lanhdao', code)).filter(a => a === 'escalate'), ['escalate']);
  assert.equal((await notices('chuyenvien', code)).filter(a => a === 'remind').length, 2, 'a restart repeats nothing');

  // an officer sees their own work, not their agency's, and nobody sees a stranger's
  assert.equal((await (await office.as('chuyenvien')).get('/api/v1/progress?agency=G11')).status, 403);
  assert.equal((await leader.get('/api/v1/progress?agency=H36.22963')).status, 403);
  assert.equal((await citizen.get('/api/v1/progress')).status, 403);
  const history = (await citizen.get(`/api/v1/dossiers/${code}/history`)).body.items;
  assert.ok(!JSON.stringify(history).includes('remind'), 'reminders are the office’s');
  await office.close();
});
