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
  assert.match(broken.stderr, /^2:8: A value is expected here\./);
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
