// What /metrics says is what Prometheus reads: its own checker has nothing to say against it, and neither has a plain reading.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { openOffice } from './support/office.mjs';

let office, text;
before(async () => {
  office = await openOffice();
  const citizen = await office.as('congdan');
  for (const path of ['/', '/thu-tuc', '/nowhere', '/ho-so-cua-toi']) await citizen.get(path);
  const answer = await (await office.as('quantri')).get('/metrics');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  text = answer.text;
});
after(() => office.close());

const promtool = spawnSync('promtool', ['--version']).error === undefined;
test('promtool finds nothing to say against it', { skip: !promtool && "Debian's prometheus is not installed" }, () => {
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  assert.deepEqual([checked.status, checked.stdout, checked.stderr], [0, '', '']);
});

// Of a histogram the samples are its buckets, sum and count.
const familyOf = (sample, types) => [sample, sample.replace(/_(bucket|sum|count)$/, '')].find(name => types.has(name));

test('every measurement is explained and typed once, before its values, and every value is a number', () => {
  const helps = new Set(), types = new Map(), values = new Map();
  for (const line of text.trimEnd().split('\n')) {
    const [, help] = line.match(/^# HELP (\S+) \S/) ?? [], [, typed, type] = line.match(/^# TYPE (\S+) (counter|gauge|histogram)$/) ?? [];
    if (help) {
      assert.ok(!helps.has(help), line);
      helps.add(help);
    } else if (typed) {
      assert.ok(helps.has(typed) && !types.has(typed), line);
      types.set(typed, type);
    } else {
      const [, name, , number] = line.match(/^([a-z_]+)(\{[a-z]+="[^"\n]*"(?:,[a-z]+="[^"\n]*")*\})? (-?[0-9.]+)$/) ?? assert.fail(line);
      const family = familyOf(name, types) ?? assert.fail(`${line}: no type`);
      values.set(family, [...values.get(family) ?? [], Number(number)]);
    }
  }
  assert.deepEqual([...types.keys()], [...helps]);
  for (const [name, type] of types) {
    assert.ok(values.has(name), `${name} has no value`);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
  }
  assert.ok(values.get('motcua_requests_total')[0] >= 4);
});

test('the classes of a histogram only grow, and the last is all of them', () => {
  const buckets = [...text.matchAll(/^motcua_request_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)].map(([, le, n]) => [le === '+Inf' ? Infinity : Number(le), Number(n)]);
  assert.ok(buckets.length > 10);
  buckets.slice(1).forEach(([le, n], i) => assert.ok(le > buckets[i][0] && n >= buckets[i][1], `${le}`));
  assert.equal(buckets.at(-1)[1], Number(text.match(/^motcua_request_seconds_count (\d+)$/m)[1]));
});
