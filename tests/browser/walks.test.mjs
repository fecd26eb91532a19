// Ten tasks in Chromium, each in the manner that suits it most, within what docs/usability.md says it costs: a change
// that asks a person for one press, one letter or one page more fails here. `make walks` walks every task in every manner.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openOffice, root } from '../support/office.mjs';
import { openBrowser } from '../support/eyes.mjs';
import { Walk } from '../support/walk.mjs';
import { clock, tasks, walkOnce } from '../support/walks.mjs';

const budgets = JSON.parse(fs.readFileSync(path.join(root, 'tests/data/walks.json'), 'utf8'));
const BYTES = 1.15; // what a longer sentence or another picture may add
const PICTURE = 28 * 1024; // of one page of a paper
const short = [['apply', 'plain'], ['apply', 'pointer'], ['supplement', 'pointer'], ['counter', 'keyboard'], ['issue', 'keyboard'], ['approve', 'plain'],
  ['examine', 'keyboard'], ['setup', 'plain'], ['follow', 'pointer'], ['recover', 'plain'], ['publish', 'pointer']];
let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser?.close());

test('every task is walked', () => assert.deepEqual([...new Set(short.map(([name]) => name))].sort(), Object.keys(tasks).sort()));

for (const [name, manner] of short)
  test(`${tasks[name].title} (${manner})`, async () => {
    const office = await openOffice({ made: clock, env: { MOTCUA_CLOCK: clock } }); // of its own: an inbox as long as the task makes it
    const sum = await walkOnce(Walk, browser, office, name, manner, false).finally(() => office.close()), budget = budgets[name][manner];
    for (const what of ['presses', 'typed', 'pages']) assert.ok(sum[what] <= budget[what], `${what}: ${sum[what]}, the budget is ${budget[what]}`);
    assert.ok(sum.bytes <= budget.kb * 1024 * BYTES, `${sum.bytes} bytes, the budget is ${budget.kb} KB`);
    assert.ok(sum.picture <= PICTURE, `a picture of a paper has ${sum.picture} bytes`);
  });
