// Every route for everybody: each row of `motcua routes` answers each kind of visitor as its permission demands. Who holds which
// permission is written down here by hand, so that a wrong line in the program's own table is seen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, openOffice, submission } from './support/office.mjs';

const logins = { citizen: 'congdan', business: 'doanhnghiep', receiver: 'tiepnhan', specialist: 'chuyenvien', leader: 'lanhdao', clerk: 'vanthu', admin: 'quantri' };
const everybody = Object.keys(logins), officers = ['receiver', 'specialist', 'leader', 'clerk'], applicants = ['citizen', 'business', 'receiver'];
const holders = {
  public: ['nobody', ...everybody], 'signed-in': everybody, 'notice.read': everybody, 'file.upload': everybody,
  'dossier.submit': [...applicants, 'specialist', 'leader'], 'dossier.own': [...applicants, 'specialist', 'leader'], 'dossier.open': ['specialist', 'leader'],
  'task.read': officers, 'dossier.read': officers, 'dossier.counter': ['receiver'], 'dossier.receive': ['receiver'],
  'dossier.ask': ['receiver', 'specialist'], 'dossier.assign': ['receiver', 'specialist', 'leader'],
  'dossier.examine': ['specialist'], 'dossier.approve': ['leader'], 'dossier.issue': ['clerk'], 'payment.record': ['receiver'],
  'catalogue.manage': ['admin'], 'agency.manage': ['admin'], 'account.manage': ['admin'], 'notice.manage': ['admin'], 'journal.read': ['admin'],
  'events.read': ['admin'], 'system.health': ['admin'],
};
// Where nothing is asked beyond the permission, a GET answers 200 to its holders.
const plain = ['/', '/api/v1/agencies', '/api/v1/procedures', '/api/v1/procedure-fields', '/api/v1/dossiers', '/api/v1/tasks', '/api/v1/notices',
  '/api/v1/events', '/api/v1/openapi.json', '/thu-tuc', '/tai-khoan', '/ho-so-cua-toi', '/thong-bao', '/viec', '/healthz', '/readyz', '/metrics', '/tra-cuu'];
// The desk leads whoever has no work there to their own page.
const isElsewhere = (route, visitor) => route.path === '/viec' && !officers.includes(visitor);

let office, routes, dossier;
const visitors = {};
before(async () => {
  office = await openOffice();
  visitors.nobody = new Client(office);
  for (const role of everybody) visitors[role] = await office.as(logins[role]);
  routes = JSON.parse((await office.command('routes', '--json')).stdout);
  const made = await visitors.citizen.post('/api/v1/dossiers', await submission(visitors.citizen, '1.013285', { agency: 'G11' }));
  dossier = made.body.code;
});
after(() => office.close());

const strange = { code: 'G11-000000-0000', identifier: 'X99', n: '1', id: '77', procedure: '9.999999', draft: '1', page: '1' };
const address = (route, values) => route.path.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '0');
const isApi = route => route.path.startsWith('/api/');

function ask(visitor, route, values) {
  const headers = { accept: isApi(route) ? 'application/json' : 'text/html', 'accept-language': 'en' };
  const options = route.method === 'POST' && !isApi(route) ? { raw: 'a=b', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } } : { headers };
  return visitors[visitor].fetch(route.method, address(route, values), options);
}

test('every permission of a route is one that this test knows', () => {
  for (const route of routes) assert.ok(holders[route.permission], `${route.method} ${route.path}: ${route.permission}`);
});

for (const visitor of ['nobody', ...everybody])
  test(`${visitor} gets past exactly the permissions that are theirs`, async () => {
    for (const route of routes) {
      const what = `${visitor}: ${route.method} ${route.path}`;
      const { status, headers, text } = await ask(visitor, route, strange);
      assert.ok(status < 500, `${what}: ${status} ${text}`);
      const isAllowed = holders[route.permission].includes(visitor);
      if (isAllowed && isElsewhere(route, visitor)) assert.equal(status, 303, what);
      else if (isAllowed && route.method === 'GET' && plain.includes(route.path)) assert.equal(status, 200, what);
      else if (isAllowed) assert.ok(status !== 403 && (status !== 401 || route.path === '/dang-nhap'), `${what}: ${status} ${text}`);
      else if (visitor !== 'nobody') assert.equal(status, 403, what);
      else if (isApi(route) || status !== 303) assert.equal(status, 401, what);
      else assert.match(headers.get('location'), /^\/dang-nhap/, what);
    }
  });

test('a dossier exists only for its applicant and for the officers of its agency', async () => {
  const inside = ['citizen', ...officers];
  for (const route of routes.filter(r => r.path.includes('/{code}') && /dossiers|ho-so/.test(r.path))) {
    for (const visitor of everybody.filter(v => holders[route.permission].includes(v))) {
      const { status, text } = await ask(visitor, route, { code: dossier, n: '1', page: '1' });
      const what = `${visitor}: ${route.method} ${route.path}: ${status} ${text}`;
      if (!inside.includes(visitor)) assert.equal(status, 404, what);
      else if (/identity$|danh-tinh$/.test(route.path)) assert.equal(status, 404, what); // it is no denunciation
      else if (route.path.includes('{slip}')) assert.equal(status, 404, what); // nothing was received yet
      else if (route.path.endsWith('/danh-gia')) assert.equal(status, visitor === 'citizen' ? 409 : 404, what); // it is not over
      else if (route.path.endsWith('/bo-sung')) assert.ok([303, 404].includes(status), what); // nothing is asked: on to the dossier
      // A program has to name the version it saw; an empty form of a page comes back with what is wrong with it.
      else if (/(messages|seen|notes)$/.test(route.path) && route.method === 'POST') assert.equal(status, 415, what); // what is written names no version
      else if (route.method === 'POST') assert.ok((isApi(route) ? [428] : [412, 422]).includes(status), what);
      else if (/messages\/|trao-doi\/\{n|bo-sung\/\{file/.test(route.path)) assert.equal(status, 404, what); // nothing was written yet
      else if (visitor === 'citizen') assert.equal(status, 200, what);
      else if (route.path.endsWith('/trao-doi')) assert.equal(status, 303, what); // officers read it beside the papers
      else assert.ok([200, 404].includes(status), what); // an officer whose queue it has not reached
    }
  }
});

test('without a version or with one of long ago no act is done', async () => {
  const { receiver } = visitors;
  for (const [sent, status] of [[undefined, 428], ['*', 412], ['""', 412], ['"x"', 412], ['7', 412], ['"99999999999999999999"', 412], ['"999"', 412], ['W/"1"', 412]]) {
    const headers = sent === undefined ? {} : { 'if-match': sent };
    assert.equal((await receiver.post(`/api/v1/dossiers/${dossier}/receive`, {}, { headers })).status, status, sent);
  }
  assert.equal((await receiver.get(`/api/v1/dossiers/${dossier}`)).body.status, 1);
});
