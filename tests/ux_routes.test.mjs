// No page is forgotten by `make ux`: each GET route has its row in tests/ux/routes.mjs, and no row is of a route that is gone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { program } from './support/office.mjs';
import { routes } from './ux/routes.mjs';

const pages = JSON.parse(execFileSync(program, ['routes', '--json'])).filter(r => r.method === 'GET' && !r.path.startsWith('/api/')).map(r => r.path);

test('every page of the program says who looks at it and how, or why nobody does', () => {
  assert.ok(pages.length > 50, `${pages.length} pages`);
  assert.deepEqual(pages.filter(p => !(p in routes)), [], 'add a row to tests/ux/routes.mjs');
  for (const [path, row] of Object.entries(routes)) assert.ok(typeof row === 'string' ? row.length > 3 : row.length > 0, path);
});

test('no row is left of a page that is gone, and every visit is one of its route', () => {
  assert.deepEqual(Object.keys(routes).filter(p => !pages.includes(p)), []);
  for (const [path, row] of Object.entries(routes).filter(r => typeof r[1] !== 'string'))
    for (const [, address] of row) {
      const shape = new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
      assert.ok(address.startsWith('{') || shape.test(address.split('?')[0]), `${address} is not at ${path}`);
    }
});
