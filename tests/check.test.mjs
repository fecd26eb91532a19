// `motcua check`: the shipped folders pass; a folder with a mistake is refused with its place and a sentence; a step that goes
// another way than it was to go is told with file, line, what was expected and what was got.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { openOffice, program, root, submission } from './support/office.mjs';

const run = promisify(execFile);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-story-'));
const own = path.join(scratch, 'tmp'); // where `check` makes its offices
fs.mkdirSync(own);
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

async function checking(...args) {
  try {
    const { stdout } = await run(program, ['check', ...args], { cwd: root, maxBuffer: 1 << 26, env: { ...process.env, LC_ALL: 'C', TMPDIR: own } });
    return { code: 0, stdout };
  } catch (error) {
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}
const report = async folder => {
  const { code, stdout } = await checking(folder, '--json');
  return { code, ...JSON.parse(stdout) };
};

let folders = 0;
// A procedure folder with these files; an object is written as JSON.
function folderOf(code, files) {
  const folder = path.join(scratch, String(++folders), code);
  fs.mkdirSync(path.join(folder, 'scenarios'), { recursive: true });
  for (const [name, content] of Object.entries(files))
    fs.writeFileSync(path.join(folder, name), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, null, 1));
  return folder;
}

const day = time => `2026-11-30T${time}:00+07:00`;
const filed = { at: day('08:00'), by: 'applicant', submit: { case: '10-working-days' }, expect: { status: 1 } };
const received = { at: day('09:00'), by: 'receiver', act: 'receive', expect: { status: 2, due: '2026-12-14T09:00:00+07:00' } };
const good = { title: 'Nộp và tiếp nhận', steps: [filed, received] };
const withSteps = (...steps) => ({ 'scenarios/a.json': { title: 'x', steps } });

test('every shipped folder passes, and leaves nothing behind', async () => {
  const all = await report('procedures');
  assert.deepEqual(all.problems, []);
  assert.deepEqual(all.scenarios.filter(s => !s.passed), []);
  assert.equal(all.code, 0);
  assert.ok(all.folders >= 12 && all.passed >= 17);
  assert.deepEqual(fs.readdirSync(own), []);
});

test('a good folder passes, with its own record, steps and template', async () => {
  const record = { code: '1.999001', name: 'Thủ tục thử', field: 'Thử', levels: ['central'], audience: ['citizen'],
    channels: [{ channel: 'online', cases: [{ id: 'usual', term: { working_days: 1 } }] }],
    components: [{ id: 'request', label: 'Đơn đề nghị', required: 'always' }] };
  const steps = 'process short "Ngắn" "Short"\nstep desk by receiver, status 1 "Kiểm tra" "Check"\n  receive -> work\n  refuse -> end with status 3\n' +
    'step work by specialist, status 2 "Xử lý" "Work"\n  withdraw -> end with status 7\n';
  const folder = folderOf('1.999001', { 'procedure.json': record, 'process.steps': steps, 'result.html': '<article class="a4"><p>{{code}}</p></article>',
    'scenarios/a.json': { title: 'Ngắn', steps: [{ at: day('08:00'), by: 'applicant', submit: {}, expect: { step: 'desk' } },
      { at: day('09:00'), by: 'receiver', act: 'receive', expect: { step: 'work', due: '2026-12-01T09:00:00+07:00' } }] } });
  const got = await report(folder);
  assert.deepEqual([got.code, got.passed, got.problems, got.scenarios[0].failures], [0, 1, [], []]);
});

test('a step that goes another way is told with file, line, expected and got', async () => {
  const wrong = structuredClone(good);
  wrong.steps[1].expect.due = '2026-12-15T09:00:00+07:00';
  const folder = folderOf('1.013285', { 'scenarios/late.json': JSON.stringify(wrong, null, 1) });
  const { code, stdout } = await checking(folder);
  assert.equal(code, 1);
  assert.match(stdout, /late\.json:\d+: step 2, due: expected 2026-12-15T09:00:00\+07:00, got 2026-12-14T09:00:00\+07:00/);
  const line = Number(/late\.json:(\d+): step 2/.exec(stdout)[1]);
  assert.match(JSON.stringify(wrong, null, 1).split('\n').slice(line - 1, line + 2).join(), /09:00/);
});

test('a line is that of the step, whatever stands before it or in its place', async () => {
  const text = '{"title": "steps", "agencies": [{"identifier": "G11", "class": "ministry"}],\n "steps":\n [\n  7, "}", {"at": "x",\n   "steps": [{}]\n  },\n\n  {}\n ]}';
  const { problems } = await report(folderOf('1.013285', { 'scenarios/a.json': text }));
  const line = pointer => Number(/line (\d+)/.exec(problems.find(p => p.place.startsWith(pointer)).place)[1]);
  assert.deepEqual([line('#/steps/0 '), line('#/steps/1 '), line('#/steps/2 '), line('#/steps/3 ')], [4, 4, 4, 8]);
});

test('a template of a result that an office would refuse does not pass', async () => {
  const folder = folderOf('1.013285', { 'result.html': '<p>{{nobody_knows_this}}</p>', 'scenarios/a.json': good });
  const { code, scenarios } = await report(folder);
  assert.equal(code, 1);
  assert.match(scenarios[0].broken, /may not stand here/);
});

const failing = [
  ['a refusal that did not come', withSteps(filed, { ...received, expect: undefined, refused: {} }), 'refused', /false/],
  ['another kind of refusal', withSteps(filed, { at: day('09:00'), by: 'clerk', act: 'receive', refused: { type: 'conflict' } }), 'type', /denied/],
  ['a problem at another place', withSteps({ at: day('08:00'), by: 'applicant', submit: {}, refused: { pointers: ['/agency'] } }), 'pointers', /./],
  ['an act that is refused', withSteps(filed, { at: day('09:00'), by: 'leader', act: 'approve' }), 'act', /Phê duyệt.*Kiểm tra hồ sơ/],
  ['a submission that is refused', withSteps({ ...filed, submit: { case: 'no-such-case' } }), 'submit', /no-such-case/],
  ['a number that is written as a text', withSteps({ ...filed, expect: { status: '1' } }), 'status', /^1$/],
  ['another holder', withSteps(filed, { ...received, expect: { holder: 'specialist' } }), 'holder', /null/],
  ['an act that is not possible', withSteps({ ...filed, expect: { actions: ['approve'] } }), 'actions', /-/],
];
for (const [title, files, what, got] of failing)
  test(`told as it went: ${title}`, async () => {
    const { code, scenarios, problems } = await report(folderOf('1.013285', files));
    assert.deepEqual([code, problems], [1, []]);
    const failure = scenarios[0].failures.find(f => f.what === what);
    assert.ok(failure, JSON.stringify(scenarios[0]));
    assert.match(failure.got, got);
    assert.ok(failure.line > 1);
  });

const record = { code: '1.013285', name: 'Thủ tục', channels: [{ channel: 'online', cases: [{ id: 'a' }] }] };
const broken = [
  ['a folder that is named by no code', 'khong-co-ma', { 'process.steps': '' }, '', /named by its code/],
  ['no record to be found', '1.999999', withSteps(filed), '', /carries no sheet of 1\.999999/],
  ['a record of another code', '1.013286', { 'procedure.json': record }, '', /has the code 1\.013285/],
  ['a record with an unknown member', '1.013285', { 'procedure.json': { ...record, phi: 1 } }, '#/phi', /./],
  ['a record that is no JSON', '1.013285', { 'procedure.json': '{' }, '', /./],
  ['steps with an unknown act', '1.013285', { 'process.steps': 'process a "A" "A"\nstep s by receiver, status 1 "S" "S"\n  fly -> end with status 3\n' }, '3:', /fly/],
  ['steps without an end', '1.013285', { 'process.steps': 'process a "A" "A"\nstep s by receiver, status 1 "S" "S"\n  assign -> s\n' }, '2:', /no way leads to an end/],
  ['an empty template', '1.013285', { 'result.html': ' \n' }, '', /not empty/],
  ['rules that are no model', '1.013285', { 'rules.dmn': '<x/>' }, '', /no decision model of DMN/],
  ['a form, which is not used yet', '1.013285', { 'form.json': '{}' }, '', /does not use form\.json yet/],
  ['a drawing, which is not used yet', '1.013285', { 'process.bpmn': '<x/>' }, '', /does not use process\.bpmn yet/],
  ['a file that does not belong', '1.013285', { 'ghi-chu.txt': 'x' }, '', /does not belong/],
  ['a scenario under another name', '1.013285', { 'scenarios/a.txt': '{}' }, '', /ends with \.json/],
  ['a scenario that is no JSON', '1.013285', { 'scenarios/a.json': '{"title":' }, '', /./],
  ['a scenario that is a list', '1.013285', { 'scenarios/a.json': '[]' }, '', /JSON object/],
  ['a scenario without a title', '1.013285', { 'scenarios/a.json': { steps: [filed] } }, '#/title', /title/],
  ['a scenario without steps', '1.013285', { 'scenarios/a.json': { title: 'x' } }, '#/steps', /steps/],
  ['an unknown member of a step', '1.013285', withSteps({ ...filed, when: 'now' }), '#/steps/0', /"when"/],
  ['an unknown expectation', '1.013285', withSteps({ ...filed, expect: { state: 1 } }), '#/steps/0/expect', /"state"/],
  ['a moment that is none', '1.013285', withSteps({ ...filed, at: 'tomorrow' }), '#/steps/0', /moment/],
  ['a clock that goes back', '1.013285', withSteps(filed, { ...received, at: day('07:00') }), '#/steps/1', /does not go back/],
  ['acts that are no list', '1.013285', withSteps({ ...filed, expect: { actions: 'withdraw' } }), '#/steps/0', /"actions" is a list/],
  ['pointers that are no list', '1.013285', withSteps({ ...filed, expect: undefined, refused: { pointers: '/agency' } }), '#/steps/0', /"pointers" is a list/],
  ['a person that nobody is', '1.013285', withSteps({ ...filed, by: 'minister' }), '#/steps/0', /minister/],
  ['an officer of an agency that is not there', '1.013285', withSteps(filed, { ...received, by: 'receiver@G12' }), '#/steps/1', /receiver@G12/],
  ['an act that does not exist', '1.013285', withSteps(filed, { ...received, act: 'accept' }), '#/steps/1', /accept/],
  ['a step that does nothing', '1.013285', withSteps(filed, { at: day('09:00'), by: 'receiver' }), '#/steps/1', /either/],
  ['a first step that acts', '1.013285', withSteps(received), '#/steps/0', /first step/],
  ['both expected and refused', '1.013285', withSteps({ ...filed, refused: {} }), '#/steps/0', /not both/],
  ['an agency that has no identifier', '1.013285', { 'scenarios/a.json': { ...good, agencies: [{ identifier: '??', class: 'ministry' }] } }, '#/agencies/0', /e-identifier/],
  ['an agency of no class', '1.013285', { 'scenarios/a.json': { ...good, agencies: [{ identifier: 'G11', class: 'shop' }] } }, '#/agencies/0', /shop/],
];
for (const [title, code, files, place, sentence] of broken)
  test(`refused with its place: ${title}`, async () => {
    const got = await report(folderOf(code, files));
    assert.equal(got.code, 1);
    const found = got.problems.find(p => sentence.test(p.message) && p.place.startsWith(place));
    assert.ok(found, JSON.stringify(got.problems));
  });

test('a path that is no folder is said so', async () => {
  const { code, stderr } = await checking(path.join(scratch, 'nowhere'));
  assert.equal(code, 1);
  assert.match(stderr, /nowhere/);
});

test('an imported folder brings its steps: new dossiers begin on them, running ones keep theirs', async () => {
  const office = await openOffice();
  after(() => office.close());
  const citizen = await office.as('congdan'), officer = await office.as('tiepnhan');
  const file = async () => (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013124', { agency: 'G11', channel: 'online' }))).body.code;
  const old = await file();
  const steps = fs.readFileSync(path.join(root, 'src/process/standard.steps'), 'utf8').replace('process one-stop', 'process oil-spill').replaceAll('step intake', 'step first-look');
  const folder = folderOf('1.013124', { 'process.steps': steps, 'result.html': '<article class="a4"><p>Kết quả</p></article>' });
  const taken = await office.command('import', 'procedures', folder, '--json');
  assert.equal(taken.code, 0, taken.stdout);
  assert.equal(JSON.parse(taken.stdout).taken, 1);
  assert.equal(JSON.parse((await office.command('import', 'procedures', folder, '--json')).stdout).unchanged, 1);
  const fresh = await file();
  const step = async code => (await officer.get(`/api/v1/dossiers/${code}`)).body.holder.step;
  assert.deepEqual([await step(old), await step(fresh)], ['intake', 'first-look']);
  const bad = await office.command('import', 'procedures', folderOf('1.013125', { 'process.steps': 'process a "A" "A"\n' }), '--json');
  assert.equal(bad.code, 1);
  assert.match(JSON.parse(bad.stdout).errors[0].file, /process\.steps$/);
});
