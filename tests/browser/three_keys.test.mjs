// Every act of every step of the one-stop process is reached from the inbox with at most three keys: a dossier is brought to each step,
// and for every act that an officer may do there the form of the act is opened by keys alone and has the focus. What is typed to name a
// dossier (its code after "/") is no key; what waits for others stands under "5", what is closed or elsewhere is found with "/".
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

const logins = ['tiepnhan', 'chuyenvien', 'chuyenvien2', 'lanhdao', 'vanthu'];
const people = {}, eyes = {};
let office, browser, paper;
before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
  for (const login of logins) {
    people[login] = await office.as(login);
    eyes[login] = await Eyes.open(browser, office);
    await eyes[login].signIn(login);
    await eyes[login].context.route(/\/giay-to\/|\.(css|woff2|svg)(\?|$)/, route => route.abort()); // nothing is looked at here
  }
  paper = await submission(people.tiepnhan, '1.013170', { agency: 'G11', channel: 'counter' });
});
after(async () => {
  await browser?.close();
  await office?.close();
});

// The letters as docs/keyboard.md says them.
const keys = {
  receive: 't', refuse: 'c', 'request-supplement': 'b', supplement: 's', assign: 'p', examine: 'e', propose: 'd', extend: 'i', approve: 'y', 'send-back': 'l',
  issue: 'h', correct: 'H', return: 'r', stop: 'q', withdraw: 'w', transfer: 'f', consult: 'v', answer: 'a', 'request-payment': 'm', 'record-payment': 'n',
  'note-contact': 'o', 'hand-over': 'u', undo: 'z',
};
const ask = { reason: 'Thiếu ảnh.' }, pay = { amount: 50000, reason: 'Phí thẩm định.' };
const received = [['tiepnhan', 'receive']], examined = [...received, ['chuyenvien', 'examine']];
const proposed = [...examined, ['chuyenvien', 'propose', { outcome: 'granted' }]], approved = [...proposed, ['lanhdao', 'approve']];
const issued = [...approved, ['vanthu', 'issue']];
const steps = {
  intake: [],
  'papers-before-receipt': [['tiepnhan', 'request-supplement', ask]],
  'second-check': [['tiepnhan', 'request-supplement', ask], ['tiepnhan', 'supplement']],
  received,
  examination: examined,
  'opinion asked for': [...examined, ['chuyenvien', 'consult', { to: ['chuyenvien2'], until: '2030-01-08', note: 'Xin ý kiến.' }]],
  'papers-after-receipt': [...examined, ['chuyenvien', 'request-supplement', ask]],
  payment: [...examined, ['chuyenvien', 'request-payment', pay]],
  approval: proposed,
  issuing: approved,
  'handing-over': issued,
  end: [...issued, ['tiepnhan', 'return', { manner: 'in-person' }]],
};
const met = new Set();

async function made(way) {
  const { body } = await people.tiepnhan.post('/api/v1/dossiers', paper);
  for (const [login, act, fields = {}] of way) {
    const done = await people[login].act(body.code, act, fields);
    assert.equal(done.status, 200, `${login} ${act}: ${done.text}`);
  }
  return body.code;
}

const ready = page => page.waitForSelector('[data-mc-keys-open]:not([hidden])');

// Stands on the row of the dossier: walking to a row is no matter of which act.
const stand = (page, code) => page.evaluate(address => document.querySelector(`a[data-mc-row-link][href="${address}"]`).focus(), `/ho-so/${code}`);

// Which way leads from the inbox to an act of a dossier: its row, its row under "5", or "/" and its code.
async function wayTo(login, code, act) {
  const { page } = eyes[login];
  for (const [how, address] of [['row', '/viec'], ['waiting', '/viec?loc=cho']]) {
    const text = await (await page.request.get(address)).text();
    const row = text.split('<tr ').find(r => r.includes(`href="/ho-so/${code}" data-mc-row-link`));
    if (row && / data-mc-row-keys="([^"]*)"/.exec(row)[1].split(' ').includes(act)) {
      assert.ok(row.includes(`${keys[act]} ${act}`), `${act} has its own key in the row`);
      return how;
    }
  }
  return 'find';
}

// How many keys to the act's form, which then has the focus.
async function reach(login, code, act, how) {
  const { page } = eyes[login];
  let pressed = 0;
  const press = key => { pressed++; return page.keyboard.press(key); };
  await page.goto('/viec');
  await ready(page);
  if (how === 'find') {
    await press('/');
    await page.keyboard.type(code);
    await Promise.all([page.waitForURL(url => url.pathname === `/ho-so/${code}`), press('Enter')]);
    await ready(page);
    await press(keys[act]);
  } else {
    if (how === 'waiting') {
      await Promise.all([page.waitForURL(url => url.search.includes('loc=')), press('5')]);
      await ready(page);
    }
    await stand(page, code);
    await Promise.all([page.waitForURL(url => url.pathname === `/ho-so/${code}`), press(keys[act])]);
  }
  await page.waitForFunction(id => document.getElementById(id)?.contains(document.activeElement), act, { timeout: 60000 })
    .catch(() => assert.fail(`${login}: the form of ${act} has no focus on ${page.url()}`));
  return pressed;
}

// Each act is walked in Chromium once on each way; where else it is possible the same way is there.
const walks = new Map();

for (const [step, way] of Object.entries(steps))
  test(`${step}: every act that somebody may do is at most three keys away`, async () => {
    const code = await made(way);
    let walked = 0;
    await Promise.all(logins.map(async login => { // each at their own screen
      const seen = await people[login].get(`/api/v1/dossiers/${code}`);
      for (const act of seen.body.actions?.map(a => a.name ?? a) ?? []) {
        const how = await wayTo(login, code, act);
        if (!walks.has(`${act} ${how}`)) walks.set(`${act} ${how}`, reach(login, code, act, how));
        const pressed = await walks.get(`${act} ${how}`);
        assert.ok(pressed <= 3, `${login} ${act}: ${pressed} keys`);
        met.add(act);
        walked++;
      }
    }));
    assert.ok(walked > 0);
  });

test('no act of the table was left out', () => {
  assert.deepEqual(Object.keys(keys).filter(act => !met.has(act)), []);
});
