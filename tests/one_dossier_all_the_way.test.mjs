// A citizen applies, officers receive, examine, propose, approve, issue and return, and the citizen holds the result: for five
// real procedures of different shape.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission, wholeWay } from './support/office.mjs';

let office, citizen;
before(async () => {
  office = await openOffice();
  citizen = await office.as('congdan');
});
after(() => office.close());

const shapes = [
  ['1.013285', 'several cases on one channel', 'online', ''],
  ['1.013292', 'by post only, filed by the receiver', 'postal', ''],
  ['1.013575', 'fees in US dollars, at the counter of a border gate, commune level', 'counter', '.xa'],
  ['1.013619', 'a real procedure of the ministry', undefined, ''],
  ['1.013128', 'conditional components, decided at the commune', undefined, '.xa'],
];

for (const [code, shape, wanted, suffix] of shapes) {
  test(`${code} goes all the way: ${shape}`, async () => {
    const procedure = (await citizen.get(`/api/v1/procedures/${code}`)).body;
    const channel = wanted ?? procedure.channels[0].channel;
    const who = channel === 'online' ? citizen : await office.as(`tiepnhan${suffix}`);
    const agency = suffix === '' ? 'G11' : 'H36.22963';
    const body = await submission(who, code, { channel, agency });
    const submitted = await who.post('/api/v1/dossiers', body);
    assert.equal(submitted.status, 201, submitted.text);
    assert.equal(submitted.body.status, 1);
    const dossier = submitted.body.code;
    for (const [login, act, fields] of wholeWay(suffix)) {
      const officer = await office.as(login);
      const seen = (await officer.get(`/api/v1/dossiers/${dossier}`)).body;
      assert.ok(seen.actions.some(a => a.name === act), `${login} may ${act}: ${JSON.stringify(seen.actions)}`);
      const done = await officer.act(dossier, act, fields);
      assert.equal(done.status, 200, `${act}: ${done.text}`);
    }
    const end = (await who.get(`/api/v1/dossiers/${dossier}`)).body;
    assert.equal(end.status, 10);
    assert.equal(end.outcome, 'granted');
    assert.equal(end.results.length, 1);
    const result = await who.get(end.results[0].href);
    assert.equal(result.status, 200);
    const history = (await who.get(`/api/v1/dossiers/${dossier}/history`)).body.items;
    assert.deepEqual(history.at(-1).action, 'return');
  });
}
