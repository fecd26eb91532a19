// The peer of `motcua bench feel` and `motcua bench dmn`: npm feelin with the same texts and values on one core. It has no
// compiled form, so each evaluation reads the text again; its own interface has no other way. Prints evaluations
// a second of the core.
//     node bench/feelin.mjs feel|dmn [SECONDS]
import fs from 'node:fs';
import { evaluate, unaryTest } from 'feelin';

const here = name => fs.readFileSync(new URL(name, import.meta.url), 'utf8');
const [what = 'feel', seconds = '2'] = process.argv.slice(2);

function expression() {
  const text = here('medium.feel'), context = JSON.parse(here('medium.json'));
  return () => evaluate(text, context).value;
}

// A decision table around feelin's tests of cells: rule by rule, cell by cell, until one does not fit.
function table() {
  const plain = s => s.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const texts = (xml, tag) => [...xml.matchAll(new RegExp(`<${tag}[^>]*>\\s*<text>(.*?)</text>`, 'gs'))].map(m => plain(m[1]));
  const xml = here('fees.dmn'), context = JSON.parse(here('fees.json'));
  const inputs = texts(xml, 'inputExpression');
  const rules = xml.split('<rule ').slice(1).map(r => ({ cells: texts(r, 'inputEntry'), outputs: texts(r, 'outputEntry') }));
  return () => {
    const values = inputs.map(text => evaluate(text, context).value);
    const hits = rules.filter(rule => rule.cells.every((cell, i) => cell === '-' || unaryTest(cell, { ...context, '?': values[i] }).value));
    if (hits.length !== 1) throw new Error(`${hits.length} rules apply`);
    const [fee, basis] = hits[0].outputs.map(text => evaluate(text, context).value);
    return { fee, basis };
  };
}

const once = what === 'dmn' ? table() : expression();
// Time of the core, not of the clock: what else runs on the machine takes nothing away.
const core = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const until = time => { let n = 0; while (core() < time) { once(); n++; } return n; };
until(core() + 500);
const begun = core(), count = until(begun + Number(seconds) * 1000);
console.error(JSON.stringify(once()));
console.log((count * 1000 / (core() - begun)).toFixed(1));
