// Rules used at once: the tables of a real procedure give the fee and say who is eligible, the desk shows which rule said so, an
// error is an incident and never an answer, and an administrator publishes a new table from a day while the program runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client, openOffice, submission } from './support/office.mjs';

const code = '1.013539', height = '1.013285';
const at = day => ({ MOTCUA_CLOCK: `${day}T08:00:00+07:00` });
const own = readFileSync(new URL(`../procedures/G11/${code}/rules.dmn`, import.meta.url), 'utf8');
const purpose = 'thi công, phá dỡ công trình';
const answers = { muc_dich: purpose, da_dang_ky: 'yes', co_hoat_dong: 'yes', co_kho: 'yes' };
let office, citizen, officer, admin;
const enter = async () => { [citizen, officer, admin] = [await office.as('congdan'), await office.as('tiepnhan'), await office.as('quantri')]; };
before(async () => {
  office = await openOffice({ made: '2026-11-23T08:00:00+07:00', env: at('2026-11-23') });
  await enter();
});
after(() => office.close());

const file = async (form, procedure = code) => {
  const made = await citizen.post('/api/v1/dossiers', { ...await submission(citizen, procedure, { agency: 'G11' }), form });
  assert.equal(made.status, 201, made.text);
  return made.body.code;
};
const seen = async (who, dossier) => (await who.get(`/api/v1/dossiers/${dossier}`)).body;
const dossiers = {};

test('the fee is what the table says, with the rule that gave it', async () => {
  dossiers.old = await file(answers);
  const { ruling, fees } = await seen(officer, dossiers.old);
  assert.equal(ruling.version, 1);
  assert.deepEqual(ruling.fees.map(f => [f.kind, f.amount, f.currency]), [['fee', 4000000, 'VND']]);
  assert.deepEqual(ruling.rules, [{ decision: 'Mức thu', rules: '3' }, { decision: 'Điều kiện', rules: '4' }]);
  assert.equal(ruling.eligibility.eligible, true);
  assert.ok(ruling.inputs.some(i => i.value === purpose));
  assert.deepEqual(fees.map(f => f.amount), [4000000], 'one fee is due, not the list of the record');
  const page = (await officer.get(`/ho-so/${dossiers.old}`)).text;
  assert.match(page, /Theo quy tắc của thủ tục/);
  assert.match(page, /Mức thu, quy tắc 3/);
});

test('who is not eligible is told why, and may submit all the same', async () => {
  const { ruling } = await seen(citizen, await file({ ...answers, co_kho: 'no' }));
  assert.equal(ruling.eligibility.eligible, false);
  assert.match(ruling.eligibility.reason, /Phải có kho/);
});

test('a question left open stops nobody: the office settles the fee', async () => {
  const dossier = await seen(officer, await file({}));
  assert.equal(dossier.ruling.fees, null);
  assert.equal(dossier.ruling.eligibility, null, 'not answered is not “not eligible”');
  assert.deepEqual(dossier.ruling.incidents, []);
  assert.ok(dossier.ruling.open.length > 0);
  assert.ok(dossier.fees.length > 1, 'the list of the record is there to choose from');
  const wrong = await citizen.post('/api/v1/dossiers', { ...await submission(citizen, code, { agency: 'G11' }), form: { muc_dich: 'khác' } });
  assert.equal(wrong.status, 422, 'an answer that is none of the choices is a mistake');
});

test('an open question hides no error of a table', async () => {
  // Proven by the unit test of rulings; here: what waits is only what stands on the open question.
  const { ruling } = await seen(officer, await file({ muc_dich: purpose }));
  assert.deepEqual(ruling.fees.map(f => f.amount), [4000000], 'the fee does not stand on the other questions');
  assert.equal(ruling.eligibility, null);
  assert.ok(ruling.open.length > 0 && !ruling.open.includes('mục đích sử dụng'));
});

test('the counter asks the questions of the rules, and the officer may ask for an answer that is missing', async () => {
  const page = (await officer.get(`/tiep-nhan/ho-so/${code}`)).text;
  assert.match(page, /Để tính phí và xét điều kiện/);
  for (const id of ['muc_dich', 'co_kho']) assert.match(page, new RegExp(`name="form/${id}"`));
  const dossier = await file({ muc_dich: purpose, da_dang_ky: 'yes', co_hoat_dong: 'yes' });
  const asked = await officer.act(dossier, 'request-supplement', { items: [{ field: '/form/co_kho', reason: 'Cho biết có kho hay không.' }] });
  assert.equal(asked.status, 200, asked.text);
  assert.equal((await citizen.act(dossier, 'supplement', { answers: [{ n: 1, text: 'có lẽ' }] })).status, 422, 'none of the choices');
  const answered = await citizen.act(dossier, 'supplement', { answers: [{ n: 1, text: 'yes' }] });
  assert.equal(answered.status, 200, answered.text);
  const now = await seen(officer, dossier);
  assert.equal(now.form.co_kho, 'yes');
  assert.equal(now.ruling.eligibility.eligible, true, 'the tables speak again');
  assert.deepEqual([now.ruling.open, now.ruling.fees.map(f => f.amount)], [[], [4000000]]);
  assert.equal((await citizen.act(dossier, 'undo')).status, 200);
  const before = await seen(officer, dossier);
  assert.deepEqual([before.form.co_kho, before.ruling.eligibility], [undefined, null], 'exactly as before');
});

test('a procedure without tables has no ruling', async () => {
  assert.equal((await seen(officer, await file({}, '1.013124'))).ruling, null);
});

test('the rules of what is no procedure are missing, not none', async () => {
  assert.equal((await admin.get('/api/v1/procedures/9.999999/rules')).status, 404);
  assert.deepEqual((await admin.get('/api/v1/procedures/1.013124/rules')).body.items, []);
});

test('a file that cannot be used is refused with its places', async () => {
  const broken = own.replace(/<text>"phí"<\/text>/, '<text>"phí" +</text>');
  const refused = await admin.post(`/api/v1/procedures/${code}/rules`, { dmn: broken });
  assert.equal(refused.status, 422, refused.text);
  const line = broken.slice(0, broken.indexOf('"phí" +')).split('\n').length;
  assert.match(refused.body.errors[0].pointer, new RegExp(`^Mức thu \\(${line}:\\d+\\)$`));
  assert.equal((await admin.post(`/api/v1/procedures/${code}/rules`, { dmn: '<a/>' })).status, 422);
  const twice = own.replace('<text>"thi công, phá dỡ công trình"</text>', '<text>"nghiên cứu, kiểm định, thử nghiệm"</text>');
  const overlapping = await admin.post(`/api/v1/procedures/${code}/rules`, { dmn: twice });
  assert.equal(overlapping.status, 422, 'two rules for one purpose');
  assert.equal(overlapping.body.errors[0].code, 'overlap');
  assert.equal((await admin.post(`/api/v1/procedures/${code}/rules`, { dmn: own })).status, 409, 'nothing differs');
  assert.equal((await citizen.post(`/api/v1/procedures/${code}/rules`, { dmn: own })).status, 403);
});

test('a new table: the difference, the effect on dossiers and samples, publishing from a day', async () => {
  const dmn = own.replace('<text>4000000</text>', '<text>4400000</text>');
  const kept = await admin.post(`/api/v1/procedures/${code}/rules`, { dmn });
  assert.equal(kept.status, 201, kept.text);
  assert.equal(kept.body.version, 2);
  const seenBy = async who => (await who.get(`/api/v1/procedures/${code}/rules`)).body.items.map(v => v.version).sort();
  assert.deepEqual([await seenBy(admin), await seenBy(citizen)], [[1, 2], [1]], 'what no decision has published is for who prepares it');
  const difference = (await admin.get(`/api/v1/procedures/${code}/rules/2/difference`)).body.items;
  assert.deepEqual(difference.map(d => [d.change, d.decision, d.rule]), [['changed', 'Mức thu', 3]]);
  const effect = (await admin.get(`/api/v1/procedures/${code}/rules/2/effect`)).body.items;
  const mine = effect.find(e => e.sample === dossiers.old);
  assert.equal(mine.changed, true);
  assert.match(mine.before, /4\.000\.000/);
  assert.match(mine.after, /4\.400\.000/);
  assert.ok(effect.some(e => !e.dossier && !e.changed), 'the scenarios of the folder are samples');
  const page = (await admin.get(`/quan-tri/thu-tuc/${code}/quy-tac/2`)).text;
  assert.match(page, /4400000/);
  assert.match(page, new RegExp(dossiers.old));
  const bare = await admin.post(`/api/v1/procedures/${code}/rules/2/publish`, { from: '2026-11-01' });
  assert.equal(bare.status, 422);
  assert.deepEqual(bare.body.errors.map(e => e.pointer).sort(), ['/authority', '/date', '/from', '/number']);
  const decision = { number: '7100/QĐ-BQP', date: '2026-11-23', authority: 'Bộ Quốc phòng', from: '2026-12-01' };
  assert.equal((await admin.post(`/api/v1/procedures/${code}/rules/2/publish`, decision)).status, 200);
  const { ruling } = await seen(officer, await file(answers));
  assert.deepEqual([ruling.version, ruling.fees[0].amount], [1, 4000000], 'its day has not come');
});

test('from its day the new table counts; a dossier keeps what it was told', async () => {
  await office.stop();
  await office.serve([], at('2026-12-01'));
  await enter();
  const { ruling } = await seen(officer, await file(answers));
  assert.deepEqual([ruling.version, ruling.fees[0].amount], [2, 4400000]);
  assert.equal((await seen(officer, dossiers.old)).ruling.fees[0].amount, 4000000);
  const list = (await new Client(office).get(`/api/v1/procedures/${code}/rules`)).body.items;
  assert.deepEqual(list.map(v => [v.version, v.in_force]), [[2, true], [1, false]]);
});

test('an error is an incident with reason and place, for officer and administrator, and no fee', async () => {
  const dmn = own.replace('<text>4000000</text>', '<text>number("bốn triệu", ".", ",")</text>');
  const kept = await admin.post(`/api/v1/procedures/${code}/rules`, { dmn });
  assert.equal(kept.status, 201, kept.text);
  const decision = { number: '7101/QĐ-BQP', date: '2026-12-01', authority: 'Bộ Quốc phòng', from: '2026-12-01' };
  assert.equal((await admin.post(`/api/v1/procedures/${code}/rules/3/publish`, decision)).status, 200, 'at once, without a restart');
  const dossier = await file(answers);
  const { ruling } = await seen(officer, dossier);
  assert.equal(ruling.fees, null);
  assert.equal(ruling.incidents.length, 1);
  assert.equal(ruling.incidents[0].decision, 'Mức thu');
  assert.ok(ruling.incidents[0].line > 0 && ruling.incidents[0].detail.length > 5);
  assert.match((await officer.get(`/ho-so/${dossier}`)).text, /Quy tắc dừng lại vì lỗi/);
  const page = (await admin.get(`/quan-tri/thu-tuc/${code}/quy-tac`)).text;
  assert.match(page, new RegExp(`${dossier}</a>: Mức thu \\(\\d+:\\d+\\)`));
});

test('a table that counts working days: its effect is weighed by a calendar, its fee at the agency by its own', async () => {
  const dmn = own.replace('<text>4000000</text>', '<text>if working days after(date("2026-12-04"), 1, null) = date("2026-12-07") then 4500000 else 1</text>')
    .replace(/(<definitions[^>]*>)/, '$1<import name="law" importType="urn:motcua:legal-time" namespace="urn:motcua:legal-time"/>');
  const kept = await admin.post(`/api/v1/procedures/${code}/rules`, { dmn });
  assert.equal(kept.status, 201, kept.text);
  const effect = (await admin.get(`/api/v1/procedures/${code}/rules/${kept.body.version}/effect`)).body.items;
  assert.match(effect.find(e => e.sample === dossiers.old).after, /4\.500\.000/);
  const decision = { number: '7102/QĐ-BQP', date: '2026-12-01', authority: 'Bộ Quốc phòng', from: '2026-12-01' };
  assert.equal((await admin.post(`/api/v1/procedures/${code}/rules/${kept.body.version}/publish`, decision)).status, 200);
  assert.equal((await seen(officer, await file(answers))).ruling.fees[0].amount, 4500000);
});

test('the height of a building: low and free of surfaces needs no approval', async () => {
  const dossier = await file({ chieu_cao: '20', vuot_be_mat: 'no', loai_cong_trinh: 'công trình khác' }, height);
  const { ruling } = await seen(officer, dossier);
  assert.equal(ruling.eligibility.eligible, false);
  assert.match(ruling.eligibility.reason, /dưới 45 mét/);
});
