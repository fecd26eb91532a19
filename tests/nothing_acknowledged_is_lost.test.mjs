// kill -9 in the middle of a thousand submissions: every dossier that was acknowledged is there afterwards, the journal verifies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';

let office;
before(async () => { office = await openOffice(); });
after(() => office.close());

test('a thousand submissions, three kills, nothing acknowledged missing', async () => {
  let citizen = await office.as('congdan');
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  const acknowledged = [];
  let sent = 0;
  for (const quota of [300, 600, 1000]) {
    let isAlive = true;
    const client = async () => {
      while (isAlive && sent < quota + 100) {
        const n = sent++;
        try {
          const answer = await citizen.post('/api/v1/dossiers', body, { headers: { 'idempotency-key': `kill-${n}` } });
          if (answer.status === 201) acknowledged.push(answer.body.code);
          if (acknowledged.length >= quota && isAlive) {
            isAlive = false;
            office.process.kill('SIGKILL');
          }
        } catch {
          isAlive = false; // the connection died with the server: not acknowledged
        }
      }
    };
    await Promise.all(Array.from({ length: 32 }, client));
    await office.stop('SIGKILL');
    await office.serve();
    sent = Math.max(sent, quota + 100);
  }
  assert.ok(acknowledged.length >= 600, `${acknowledged.length} acknowledged`);
  assert.equal(new Set(acknowledged).size, acknowledged.length);
  for (let i = 0; i < acknowledged.length; i += 50) {
    const found = await Promise.all(acknowledged.slice(i, i + 50).map(code => citizen.get(`/api/v1/dossiers/${code}`)));
    for (const answer of found) assert.equal(answer.status, 200, answer.text);
  }
  const verified = await office.command('audit', 'verify', '--json');
  assert.equal(verified.code, 0, verified.stderr);
});
