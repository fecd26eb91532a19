// JSON Schema as far as /api/v1/openapi.json uses it, written from the standard (2020-12) and not from the server: what is wrong with a
// value, as a list of sentences with places; and from a schema the values that it does not allow.
const typeOf = v => (v === null ? 'null' : Array.isArray(v) ? 'array' : Number.isInteger(v) ? 'integer' : typeof v);
const formats = {
  date: v => /^\d{4}-\d\d-\d\d$/.test(v) && !Number.isNaN(Date.parse(v)),
  'date-time': v => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(v),
};
const known = new Set(['$ref', 'additionalProperties', 'allOf', 'anyOf', 'description', 'enum', 'format', 'items', 'maxItems', 'maxLength', 'maximum', 'minItems', 'minLength', 'minimum', 'pattern', 'properties', 'required', 'type']);

export class Schemas {
  constructor(document) { this.named = document.components.schemas; }

  of(schema) { return schema.$ref ? this.of(this.named[schema.$ref.split('/').at(-1)]) : schema; }

  mistakes(written, value, place = '') {
    const schema = this.of(written), wrong = [], type = typeOf(value);
    for (const word of Object.keys(schema)) if (!known.has(word)) wrong.push(`${place}: the schema has ${word}`);
    if (schema.type) {
      const types = [schema.type].flat();
      if (!types.includes(type) && !(type === 'integer' && types.includes('number'))) return [`${place}: ${type}, not ${types}`];
    }
    if (schema.enum && !schema.enum.includes(value)) wrong.push(`${place}: ${JSON.stringify(value)} is none of ${schema.enum}`);
    for (const part of schema.allOf ?? []) wrong.push(...this.mistakes(part, value, place));
    if (schema.anyOf && schema.anyOf.every(way => this.mistakes(way, value, place).length > 0)) wrong.push(`${place}: fits none of the ways`);
    if (type === 'string') {
      if ([...value].length > (schema.maxLength ?? Infinity)) wrong.push(`${place}: longer than ${schema.maxLength}`);
      if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) wrong.push(`${place}: ${value} against ${schema.pattern}`);
      if (schema.format && !(formats[schema.format]?.(value) ?? false)) wrong.push(`${place}: ${value} is no ${schema.format}`);
    }
    if (type === 'integer' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))) wrong.push(`${place}: ${value} is out of range`);
    if (type === 'array') {
      if (value.length > (schema.maxItems ?? Infinity) || value.length < (schema.minItems ?? 0)) wrong.push(`${place}: ${value.length} entries`);
      if (schema.items) value.forEach((item, i) => wrong.push(...this.mistakes(schema.items, item, `${place}/${i}`)));
    }
    if (type === 'object') {
      for (const name of schema.required ?? []) if (!(name in value)) wrong.push(`${place}: without ${name}`);
      for (const [name, inner] of Object.entries(value)) {
        const described = schema.properties?.[name] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
        if (described) wrong.push(...this.mistakes(described, inner, `${place}/${name}`));
      }
    }
    return wrong;
  }

  // What may not stand at one place: [what it is, the value].
  wrongFor(written) {
    const schema = this.of(written), all = [['a number', 7], ['a fraction', 1.5], ['a truth', true], ['a text', 'x'], ['a list', []], ['a list of lists', [[[]]]], ['an object', {}], ['a nested object', { a: { b: [1] } }],
      ['a huge number', 1e300], ['a number below all', -9223372036854775808], ['a number that is no choice', 99999999999999999999], ['a word that is no choice', 'không có'],
      ['one letter too many', 'ế'.repeat((schema.maxLength ?? 0) + 1)], ['too large', (schema.maximum ?? 0) + 1], ['too small', (schema.minimum ?? 0) - 1],
      ['too few', []], ['too many', Array((schema.maxItems ?? 0) + 1).fill('x')]];
    return all.filter(([, value]) => this.mistakes(schema, value).some(m => !/is no date|against/.test(m)));
  }

  // Every place of an example that the schema describes: [path of names, the schema there, whether it is needed].
  *places(written, example, path = []) {
    const schema = this.of(written);
    for (const part of [...(schema.allOf ?? [])]) yield* this.places(part, example, path);
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      yield [[...path, name], inner, (schema.required ?? []).includes(name)];
      if (example?.[name] !== undefined && example[name] !== null) yield* this.within(inner, example[name], [...path, name]);
    }
  }

  *within(written, example, path) {
    const schema = this.of(written);
    if (Array.isArray(example) && schema.items && example.length > 0) {
      yield [[...path, 0], schema.items, true];
      yield* this.within(schema.items, example[0], [...path, 0]);
    } else if (typeOf(example) === 'object') yield* this.places(schema, example, path);
  }
}

// The example with another value at a place; without `value` the place is missing.
export function put(example, path, ...value) {
  const copy = structuredClone(example);
  let at = copy;
  for (const name of path.slice(0, -1)) at = at[name];
  if (value.length > 0) at[path.at(-1)] = value[0];
  else if (Array.isArray(at)) at.splice(path.at(-1), 1);
  else delete at[path.at(-1)];
  return copy;
}
