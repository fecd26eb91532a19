// Says whether a value has a shape, by hand-written rules: 'string', 'integer', 'instant', 'hash', nullable with '?', [item],
// {member: rule}, {'member?': rule} for what may be absent, oneOf(...) for one of several values.
import assert from 'node:assert/strict';

const words = {
  string: v => typeof v === 'string',
  text: v => typeof v === 'string' && v.length > 0,
  integer: v => Number.isInteger(v),
  boolean: v => typeof v === 'boolean',
  object: v => v !== null && typeof v === 'object' && !Array.isArray(v),
  instant: v => typeof v === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(v),
  hash: v => typeof v === 'string' && /^[0-9a-f]{64}$/.test(v),
};

class OneOf {
  constructor(values) { this.values = values; }
}
export const oneOf = (...values) => new OneOf(values);

export function check(value, rule, place = '$') {
  if (rule instanceof OneOf) return assert.ok(rule.values.includes(value), `${place}: ${JSON.stringify(value)} is none of ${rule.values}`);
  if (Array.isArray(rule)) {
    assert.ok(Array.isArray(value), `${place} is a list`);
    return value.forEach((item, i) => check(item, rule[0], `${place}[${i}]`));
  }
  if (typeof rule === 'string') {
    if (rule.endsWith('?')) return value === null || check(value, rule.slice(0, -1), place);
    return assert.ok(words[rule](value), `${place} is ${rule}: ${JSON.stringify(value)}`);
  }
  assert.ok(words.object(value), `${place} is an object`);
  for (const [name, inner] of Object.entries(rule)) {
    const isOptional = name.endsWith('?'), member = isOptional ? name.slice(0, -1) : name;
    if (isOptional && value[member] === undefined) continue;
    assert.ok(member in value, `${place} has ${member}`);
    check(value[member], inner, `${place}.${member}`);
  }
}
