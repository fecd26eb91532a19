// FEEL and DMN from the command line: the conformance kit, expressions with their mistakes, a table of fees.
import './support/node.mjs';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { program, root } from './support/office.mjs';

const run = promisify(execFile);
const kit = path.join(root, 'tests/data/dmn-tck');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-rules-'));
after(() => fs.rmSync(folder, { recursive: true }));

async function motcua(...args) {
  try {
    const { stdout, stderr } = await run(program, [...args, '--lang', 'en'], { maxBuffer: 1 << 26 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

function write(name, text) {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

test('the conformance kit: everything but external Java functions, and every error with its reason', async () => {
  const csv = path.join(folder, 'tck_results.csv');
  const { stdout } = await motcua('tck', kit, '--csv', csv, '--json');
  const tally = JSON.parse(stdout);
  const rows = fs.readFileSync(csv, 'utf8').trim().split('\n').map(line => line.match(/"(?:[^"]|"")*"/g).map(cell => cell.slice(1, -1)));
  assert.equal(rows.length, tally.cases);
  assert.ok(tally.cases > 3000);
  const failed = rows.filter(row => row[3] !== 'SUCCESS');
  assert.deepEqual([...new Set(failed.map(row => row[0]))], ['compliance-level-3/0076-feel-external-java']);
  assert.equal(tally.error.passed, tally.error.cases);
});

test('a kit whose expected values are wrong does not pass', async () => {
  const copy = path.join(folder, 'wrong/0004-simpletable-U');
  fs.cpSync(path.join(kit, 'compliance-level-2/0004-simpletable-U'), copy, { recursive: true });
  const file = fs.readdirSync(copy).find(name => name.endsWith('.xml'));
  const text = fs.readFileSync(path.join(copy, file), 'utf8');
  fs.writeFileSync(path.join(copy, file), text.replaceAll('Approved', 'Refused'));
  const { code, stdout } = await motcua('tck', path.join(folder, 'wrong'), '--json');
  assert.equal(code, 1);
  assert.ok(JSON.parse(stdout).passed < JSON.parse(stdout).cases);
  // An error that is wanted but does not come is a failure too.
  fs.writeFileSync(path.join(copy, file), text.replaceAll(/<resultNode /g, '<resultNode errorResult="true" '));
  assert.equal(JSON.parse((await motcua('tck', path.join(folder, 'wrong'), '--json')).stdout).passed, 0);
});

test('feel evaluates with a context, and its mistakes point into the text', async () => {
  const context = write('context.json', JSON.stringify({ 'số bản': 3, người: [{ 'họ tên': 'Hoa', tuổi: 30 }] }));
  assert.deepEqual(JSON.parse((await motcua('feel', 'số bản * 50000', '--context', context, '--json')).stdout),
    { value: 150000, type: 'number', problems: [] });
  assert.equal((await motcua('feel', 'người[tuổi > 18].họ tên[1]', '--context', context)).stdout, '"Hoa"\n');
  const broken = await motcua('feel', '1 +\n  (2 * )');
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /^2:8: A value is expected here\.\n {6}\(2 \* \)\n {11}\^\n/, 'with the line and a mark below the place');
  const told = JSON.parse((await motcua('feel', '1 +', '--json')).stdout);
  assert.deepEqual([told.value, told.problems[0].line, told.problems[0].column], [null, 1, 4]);
  const nothing = await motcua('feel', '1 + "a"', '--json');
  assert.equal(nothing.code, 1);
  const { value, problems } = JSON.parse(nothing.stdout);
  assert.equal(value, null);
  assert.deepEqual([problems[0].line, problems[0].column, problems[0].detail], [1, 1, '“+” is not defined between number and string.']);
});

test('dmn decides, names what it lacks, and refuses what is no model', async () => {
  const model = path.join(kit, 'compliance-level-2/0004-simpletable-U/0004-simpletable-U.dmn');
  const context = write('case.json', JSON.stringify({ Age: 18, RiskCategory: 'Medium', isAffordable: true }));
  const good = await motcua('dmn', model, '--decision', 'Approval Status', '--context', context, '--json');
  assert.equal(good.code, 0, good.stderr);
  assert.equal(JSON.parse(good.stdout).value, 'Approved');
  assert.match((await motcua('dmn', model, '--decision', 'nothing', '--context', context)).stderr, /There is no “nothing” in the model/);
  const evil = write('evil.dmn', '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>');
  const refused = await motcua('dmn', evil, '--decision', 'x');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /no decision model of DMN/);
});

const model = body => `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="m">${body}</definitions>`;
const age = '<inputData id="a" name="age"><variable name="age" typeRef="number"/></inputData>';
const decision = (policy, ...rules) => `<decision id="d" name="Eligible"><informationRequirement><requiredInput href="#a"/></informationRequirement>
<decisionTable hitPolicy="${policy}"><input><inputExpression typeRef="number"><text>age</text></inputExpression></input><output name="o"/>
${rules.map(([cell, out]) => `<rule><inputEntry><text>${cell}</text></inputEntry><outputEntry><text>${out}</text></outputEntry></rule>`).join('\n')}
</decisionTable></decision>`;

test('lint tells what is doubtful in a table, with the line and an example', async () => {
  const file = write('doubtful.dmn', model(age + decision('UNIQUE', ['&lt; 18', '1'], ['[17..60]', '2'], ['&gt; 65', '3'])));
  const { code, stdout } = await motcua('dmn', file, '--lint', '--json');
  assert.equal(code, 1);
  const { findings } = JSON.parse(stdout);
  assert.deepEqual(findings.map(f => [f.code, f.place]), [['overlap', 'Eligible (4)'], ['gap', 'Eligible (2)']]);
  assert.match(findings[0].detail, /rules 1 and 2 .* age: \[17\.\.18\)/);
  assert.match(findings[1].detail, /age: \(60\.\.65\]/);
  const fine = await motcua('dmn', path.join(root, 'bench/fees.dmn'), '--lint');
  assert.equal(fine.code, 0, fine.stdout);
});

test('a strict decision about somebody whose age is missing stops with its reason and place', async () => {
  const file = write('through.dmn', model(age + decision('FIRST', ['&gt;= 18', '"eligible"'], ['-', '"not eligible"'])));
  const nobody = write('nobody.json', '{}'), child = write('child.json', '{"age": 7}');
  assert.equal((await motcua('dmn', file, '--context', nobody)).stdout, '"not eligible"\n'); // as the standard has it
  assert.equal((await motcua('dmn', file, '--context', child, '--strict')).stdout, '"not eligible"\n');
  const stopped = await motcua('dmn', file, '--context', nobody, '--strict');
  assert.equal(stopped.code, 1);
  assert.match(stopped.stderr, /^Eligible \d+:\d+: Rule 1 cannot tell whether the input “age” fits it: it is null/m);
});

test('legal time is known only where it is switched on', async () => {
  const text = 'working days after(date("2026-02-12"), 3, "vietnam")';
  assert.equal((await motcua('feel', text)).code, 1);
  const known = await motcua('feel', text, '--legal-time'); // over Tết
  assert.equal(known.code, 0, known.stderr);
  const last = `<decision id="d" name="Last day"><literalExpression><text>${text}</text></literalExpression></decision>`;
  const switched = '<import name="law" importType="urn:motcua:legal-time" namespace="urn:motcua:legal-time"/>';
  const plain = await motcua('dmn', write('plain.dmn', model(last)));
  assert.equal(plain.code, 1);
  assert.match(plain.stderr, /There is no name “working”/);
  const model2 = await motcua('dmn', write('legal.dmn', model(switched + last)));
  assert.equal(model2.code, 0, model2.stderr);
  assert.equal(model2.stdout, known.stdout);
});

test('the measured texts give what they gave, here and in feelin', async () => {
  for (const [kind, args] of [['feel', ['feel', fs.readFileSync(path.join(root, 'bench/medium.feel'), 'utf8'), '--context', path.join(root, 'bench/medium.json')]],
    ['dmn', ['dmn', path.join(root, 'bench/fees.dmn'), '--context', path.join(root, 'bench/fees.json')]]]) {
    const { stderr } = await run('node', [path.join(root, 'bench/feelin.mjs'), kind, '0.01']);
    assert.deepEqual(JSON.parse((await motcua(...args)).stdout), JSON.parse(stderr));
  }
  const measured = JSON.parse((await motcua('bench', 'table', '--seconds', '1', '--beside', ' echo  1000 ', '--json')).stdout);
  assert.equal(measured.peer, 1000);
  assert.equal(measured.name, 'table');
  assert.ok(measured.figure > 0);
});
