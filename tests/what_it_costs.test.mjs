// What a request may cost, counted and not timed: statements, rows, steps of the store's machine, bytes of the log, commits. The most
// that each may take stands in data/budgets.json; a change that takes more is made better or says why and raises the number there.
//     BUDGETS=write node --test tests/what_it_costs.test.mjs     writes what is measured now, with a tenth of room
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { program } from './support/office.mjs';

const run = promisify(execFile);
const table = new URL('data/budgets.json', import.meta.url);
const budgets = fs.existsSync(table) ? JSON.parse(fs.readFileSync(table, 'utf8')) : {};
const [of_commands, of_pages] = [['statements', 'rows_read', 'rows_written', 'log_bytes', 'commits'], ['statements', 'rows_read', 'steps']];
let folder;
before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-cost-')); });
after(() => fs.rmSync(folder, { recursive: true, force: true }));

async function costs(kind) {
  const { stdout } = await run(program, ['bench', kind, '--explain', '--dossiers', '1500', '--office', path.join(folder, 'office'), '--json'],
    { env: { ...process.env, MOTCUA_BENCH_DIR: folder, LC_ALL: 'C' } });
  return stdout.trim().split('\n').map(line => JSON.parse(line));
}

// What happens now and then (a session looked up again, numbers counted anew, a checkpoint) depends on the hour and is left out; the
// rest has a tenth of room and a little.
const sum = (queries, what) => queries.filter(q => q.calls >= 0.95).reduce((all, q) => all + q[what], 0);
function figure(cost, name) {
  if (name === 'statements') return sum(cost.queries, 'calls');
  if (name === 'steps') return sum(cost.queries, 'steps');
  if (name.startsWith('rows_')) return sum(cost.queries.filter(q => q.is_write === (name === 'rows_written')), 'rows');
  return name === 'commits' ? Math.round(cost.commits * 10) / 10 : cost[name]; // a chore's commit among 64 of them is nobody's cost
}
const room = (measured, name) => (name === 'commits' || measured === 0 ? measured : Math.ceil(measured * 1.1) + (name === 'steps' ? 60 : 2));

function hold(cost, figures) {
  const budget = budgets[cost.name];
  if (process.env.BUDGETS === 'write') {
    budgets[cost.name] = Object.fromEntries(figures.map(f => [f, room(figure(cost, f), f)]));
    return;
  }
  assert.ok(budget, `${cost.name} has no row in tests/data/budgets.json`);
  for (const f of figures) {
    const most = cost.queries.filter(q => q.calls >= 1).map(q => `${q.name} ${q.calls}`).join(', ');
    assert.ok(figure(cost, f) <= budget[f], `${cost.name}: ${figure(cost, f)} ${f}, at most ${budget[f]} (${most})`);
  }
}

for (const kind of ['submit', 'act', 'read', 'page', 'list'])
  test(`${kind} keeps within its budget`, async () => {
    const [cost] = await costs(kind);
    hold(cost, of_commands);
    if (['submit', 'act'].includes(kind)) {
      assert.ok(cost.rows_written >= 4 && cost.log_bytes > 4096 && cost.syncs >= cost.commits, 'it is durable');
      assert.ok(cost.in_company.log_bytes < cost.log_bytes && cost.in_company.syncs < 1, 'those who come together share pages and syncs');
    } else assert.equal(cost.rows_written + cost.log_bytes + cost.syncs, 0, 'reading writes nothing');
  });

test('every page that can grow keeps within its budget', async () => {
  const pages = await costs('pages');
  assert.ok(pages.length > 50);
  // Who looked is written down by the portion, for many pages at once: not a cost of the one that is on its way.
  for (const page of pages) hold({ ...page, queries: page.queries.filter(q => !q.is_write) }, of_pages);
});

after(() => {
  if (process.env.BUDGETS !== 'write') return;
  const rows = Object.entries(budgets).map(([name, row]) => `  ${JSON.stringify(name)}: ${JSON.stringify(row).replace(/,/g, ', ').replace(/:/g, ': ')}`);
  fs.writeFileSync(table, `{\n${rows.join(',\n')}\n}\n`);
});
