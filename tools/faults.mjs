// The long form of tests/bad_luck.test.mjs: `make faults` plays every kind of bad luck, `make faults T=cut N=3000` one kind so often; T=allocation
// is six of them (STEP=7: each seventh allocation, FROM=n from there on).
// Figures are added up in build/faults.json, run after run (remove it to begin anew), and told in the table of docs/trust.md, whose
// other rows stay. What each kind does stands with its rig in tests/support/.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { brokenOff } from '../tests/support/broken_off.mjs';
import { clockJumps } from '../tests/support/clocks.mjs';
import { changedJournals, turnedBits } from '../tests/support/damage.mjs';
import { failovers } from '../tests/support/failover.mjs';
import * as rigs from '../tests/support/faults.mjs';
import { root } from '../tests/support/office.mjs';

const [, , kind = '', wanted = ''] = process.argv;
const count = otherwise => Number(wanted) || otherwise;
const seed = Number(process.env.SEED) || Date.now() % 1e6;
const file = path.join(root, 'build/faults.json'), page = path.join(root, 'docs/trust.md');
let current;
const tell = figures => current.tell(figures);

const withoutMemory = of => rigs.failedAllocations({ of, count: count(100000), step: Number(process.env.STEP) || 1, from: Number(process.env.FROM) || 1, tell });

// In the order of the table: how it is played, and what it is called there.
const kinds = {
  kill: ['kill', () => rigs.deaths({ deed: 'kill', count: count(3000), seed, tell })],
  cut: ['power cut, files', () => rigs.deaths({ deed: 'cut', count: count(3000), seed, tell })],
  careless: ['control of it, `synchronous=NORMAL`', () => rigs.carelessCuts({ most: count(15), isEnough: () => false, seed, tell })],
  ext4: ['power cut, ext4 on a loop device', () => rigs.ext4Cuts({ count: count(3000), seed, tell })],
  ext4careless: ['control of it, `synchronous=NORMAL`, ext4', () => rigs.ext4Cuts({ count: count(30), synchronous: 'NORMAL', seed, tell })],
  sync: ['failing sync', () => rigs.failedSyncs({ count: count(60), seed, tell })],
  bits: ['turned bits', () => turnedBits({ count: count(1000), seed, tell })],
  journal: ['journal changed by hand', () => changedJournals({ count: count(500), seed, tell })],
  backup: ['kill during a backup, kills during its restore', () => brokenOff({ count: count(100), seed, tell })],
  clock: ['clock put forward and back', () => clockJumps({ count: count(100), seed, tell })],
  memory: ['memory taken away until the system kills', () => rigs.noMemory({ count: count(100), seed, tell })],
  failover: ['the machine of the PostgreSQL primary dies', () => failovers({ count: count(100), seed, tell })],
  failovercareless: ['control of it, no synchronous standby', () => failovers({ count: count(3), seed, careless: true, tell })],
  allocation: ['no memory at the n-th allocation', () => withoutMemory('piece')],
  'allocation-start': ['the same while the office opens', () => withoutMemory('start')],
  'allocation-upload': ['the same in one upload', () => withoutMemory('upload')],
  'allocation-submit': ['the same in one submission', () => withoutMemory('submit')],
  'allocation-act': ['the same in one act', () => withoutMemory('act')],
  'allocation-page': ["the same in an officer's page of a dossier", () => withoutMemory('page')],
};

const quantile = (list, share) => Math.round([...list].sort((a, b) => a - b)[Math.floor((list.length - 1) * share)]);
const thousands = n => n.toLocaleString('en-US');

// Counters of two runs together; what is no number is the later run's.
function sum(before, after) {
  const all = { ...before };
  for (const [name, value] of Object.entries(after)) {
    if (typeof value === 'number') all[name] = (before[name] ?? 0) + value;
    else if (Array.isArray(value)) all[name] = [...(before[name] ?? []), ...value];
    else all[name] = value;
  }
  return all;
}

const read = () => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file)) : {});
function write(name, figures) {
  fs.writeFileSync(file, `${JSON.stringify({ ...read(), [name]: figures }, null, 1)}\n`);
}

const words = { pieces: 'pieces taken', ended: 'ended the process, to be started anew', crashed: 'ended it within OpenSSL, which was being set up', refused: 'refused with 503', losing: 'trials lost something',
  retried: 'syncs tried again', unharmed: 'not harmed', undetected: 'not found', harmless: 'harmless' };
const shown = { trials: 0, acknowledged: 0, resent: 0, lost: 0, restarts: 0, seeds: 0, seconds: 0, at: 0, cores: 0, last: 0 };

function row(name, f) {
  const rest = Object.entries(f).filter(([key, value]) => !(key in shown) && (value || key === 'undetected')).map(([key, value]) => (typeof value === 'number' ? `${thousands(value)} ${words[key] ?? key.replace(/_/g, ' ')}` : null));
  if (f.restarts?.length) rest.push(`start again: median ${quantile(f.restarts, 0.5)} ms, most ${quantile(f.restarts, 1)} ms`);
  if (f.gaps?.length) rest.push(`nobody could work for: median ${(quantile(f.gaps, 0.5) / 1000).toFixed(1)} s, most ${(quantile(f.gaps, 1) / 1000).toFixed(1)} s`);
  const cell = n => (n === undefined ? '' : thousands(n));
  return `| ${kinds[name][0]} | ${cell(f.trials)} | ${cell(f.acknowledged)} | ${cell(f.resent)} | **${cell(f.lost ?? 0)}** | ${rest.filter(Boolean).join('; ')} | ${f.at.slice(0, 10)} |`;
}

// The rows of the kinds that have figures are written anew, the others stay.
function tellPage() {
  const all = read(), text = fs.readFileSync(page, 'utf8'), [begin, end] = ['<!-- figures of make faults -->\n', '<!-- end of figures -->'];
  const from = text.indexOf(begin) + begin.length, to = text.indexOf(end);
  if (to < from) throw new Error(`${page} has no place for the figures`);
  const stood = new Map(text.slice(from, to).trim().split('\n').slice(2).map(line => [line.split('|')[1].trim(), line]));
  const rows = Object.keys(kinds).map(name => (all[name] ? row(name, all[name]) : stood.get(kinds[name][0]))).filter(Boolean);
  const table = ['| bad luck | trials | acknowledged | sent again | lost | besides | last run |', '|---|---|---|---|---|---|---|', ...rows].join('\n');
  fs.writeFileSync(page, `${text.slice(0, from)}${table}\n${text.slice(to)}`);
}

async function play(name) {
  console.error(`-- ${name}, seed ${seed}`);
  const before = read()[name] ?? {}, began = Date.now();
  const total = figures => ({ ...sum(before, { ...figures, seeds: [seed], seconds: Math.round((Date.now() - began) / 1000) }), at: new Date().toISOString(), cores: `${os.cpus().length}` });
  current = {
    tell: figures => {
      if (figures.trials % 25 !== 0) return;
      write(name, total(figures));
      console.error(`${figures.trials} trials, ${figures.acknowledged ?? 0} acknowledged, ${figures.lost ?? 0} lost`);
    },
  };
  const figures = total(await kinds[name][1]());
  write(name, figures);
  console.log(name, JSON.stringify({ ...figures, restarts: undefined }));
}

const chosen = Object.keys(kinds).filter(name => !kind || name === kind || name.startsWith(`${kind}-`));
if (kind === 'table') {
  tellPage();
} else if (kind && chosen.length === 0) {
  console.error(`no bad luck is called '${kind}': say ${Object.keys(kinds).join(', ')}, or table`);
  process.exit(2);
} else {
  for (const name of chosen) await play(name);
  tellPage();
}
