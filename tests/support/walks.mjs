// Ten tasks that an office lives from, each walked by a person from where they stand to the end, which the interface for programs
// confirms. A walk presses and types as the page invites; only what a person does is in it. tools/walks writes docs/usability.md.
import assert from 'node:assert/strict';
import { eventually, freshOffice, password, pdf, submission, wholeWay } from './office.mjs';
import { jpeg, png } from './photo.mjs';

const CODE = '1.013285', COUNTER_CODE = '1.013124', HEALTH = '2.002767';
export const clock = '2026-11-23T02:00:00Z'; // Monday, nine in the morning in Việt Nam
let people = 0; // cards and photographs differ from walk to walk

const status = async (client, code) => (await client.get(`/api/v1/dossiers/${code}`)).body.status;
const scanned = n => `0791900${String(10000 + n).slice(1)}1|024123456|Trần Thị Thứ ${n}|12031990|Nữ|${n} Lê Lợi, phường Bến Nghé|15062022`;

async function dossiers(office, count, steps) {
  const citizen = await office.as('congdan'), body = await submission(citizen, CODE, { agency: 'G11' }), codes = [];
  const actors = await Promise.all(wholeWay('').slice(0, steps).map(([login]) => office.as(login)));
  for (let i = 0; i < count; i++) {
    const { code } = (await citizen.post('/api/v1/dossiers', body)).body;
    for (const [n, [, act, fields]] of wholeWay('').slice(0, steps).entries()) assert.equal((await actors[n].act(code, act, fields)).status, 200, act);
    codes.push(code);
  }
  return codes;
}

// What a scanner types is nobody's keystrokes, and neither is its Enter.
async function scan(walk, text) {
  await walk.page.locator('#scan').focus();
  await walk.page.locator('#scan').fill(text);
  await Promise.all([walk.page.waitForNavigation(), walk.page.keyboard.press('Enter')]);
  await walk.look();
}

const photograph = () => {
  const n = ++people;
  return { name: `IMG_${n}.jpg`, mimeType: 'image/jpeg', buffer: jpeg(png(900 + n, 1200, [120 + n % 60, 150, 140])) };
};

// The form of an act: by its letter where there are keys, else its fold is opened.
async function act(walk, name, letter, fields = async () => {}) {
  const form = walk.page.locator(`form[action$="/${name}"]`);
  if (walk.manner === 'keyboard') {
    await walk.page.waitForSelector('[data-mc-keys-open]:not([hidden])');
    await walk.key(letter);
    await walk.page.waitForFunction(id => document.getElementById(id)?.contains(document.activeElement), name);
  } else {
    const folds = walk.page.locator('details', { has: form });
    for (let n = 0; n < await folds.count(); n++)
      if (await folds.nth(n).getAttribute('open') === null) await walk.press(folds.nth(n).locator('> summary'));
  }
  await fields(form);
  await walk.look();
  if (walk.manner !== 'keyboard') await walk.follow(form.locator('button[type=submit]:not([name])'));
  else {
    await Promise.all([walk.page.waitForNavigation(), walk.key('Control+Enter')]);
    await walk.look();
  }
  assert.equal(await walk.page.locator('.govuk-notification-banner--success').count(), 1, `${name}: ${await walk.page.locator('main').innerText()}`);
}

async function openFromInbox(walk, code) {
  await walk.go('/viec');
  await walk.follow(`main a[href="/ho-so/${code}"]`);
}

const apply = {
  title: 'Apply for medical care on a phone: from the home page to the receipt, two papers by camera', width: 375,
  async walk(w, office) {
    const { page } = w;
    await w.go('/');
    await w.type('main input[type=search]', 'kham benh si quan');
    await w.enter();
    await w.follow(`main a[href="/thu-tuc/${HEALTH}"]`);
    await w.follow(`main a[href^="/nop-ho-so/${HEALTH}"]`);
    await w.type('[name=login]', 'congdan');
    await w.type('[name=password]', password);
    await w.enter();
    // In a field Enter sends the form, and what is known already needs nothing but that.
    const go = async () => {
      const field = page.locator('main form[method=post] input:is([type=text], [type=tel], [type=radio]:checked)').first();
      if (w.manner !== 'keyboard' || !await field.count()) return w.follow('main form[method=post] button[type=submit]:not([name])');
      await w.reach(field);
      await w.enter();
    };
    await w.follow('main form[method=post] button[type=submit]');
    for (let step = 0; step < 12 && !/kiem-tra$/.test(page.url()); step++) {
      const at = page.url().split('/').pop();
      if (at === 'noi-nop' && await page.locator('#agency').count()) {
        const list = page.locator('select#agency');
        if (await list.count()) await w.select(list, await list.locator('option').nth(1).getAttribute('value'));
        else if (await page.locator('[name=agency][type=radio]').count()) await w.choose('[name=agency]');
      }
      if (at === 'thay-mat' && !await page.locator('[name=behalf]:checked').count()) await w.choose('#behalf');
      if (at === 'khai') await w.type('#form-request', 'Đăng ký khám bệnh.');
      if (at === 'giay-to') for (const camera of await page.locator('input[type=file][capture]').all()) await w.attach(camera, [photograph()]);
      if (at === 'nhan-ket-qua' && !await page.locator('[name="return/manner"]:checked').count()) await w.choose('#return-manner-3');
      await go();
      assert.ok(!page.url().endsWith(`/${at}`) || at === 'kiem-tra', await page.locator('main').innerText());
    }
    await w.follow('main form[action$="/kiem-tra"] button[type=submit]');
    assert.match(page.url(), /\/da-nop$/, await page.locator('main').innerText());
    const view = (await (await office.as('congdan')).get(`/api/v1/dossiers/${page.url().split('/').at(-2)}`)).body;
    assert.deepEqual([view.status, view.files.length], [1, 2]);
  },
};

const supplement = {
  title: 'Answer a request for one more paper and one answer, on a phone', width: 375,
  async prepare(office) {
    const client = await office.as('congdan'), body = await submission(client, '1.013170', { agency: 'G11' });
    const { code } = (await client.post('/api/v1/dossiers', body)).body;
    await (await office.as('tiepnhan')).act(code, 'request-supplement',
      { until: '2030-01-08', items: [{ component: body.files[0].component, reason: 'Bản chụp mờ.' }, { field: '/form/request', reason: 'Ghi rõ mục đích.' }] });
    return code;
  },
  async walk(w, office, code) {
    await w.signIn('congdan');
    await w.go('/ho-so-cua-toi');
    await w.follow(`main a[href^="/ho-so/${code}"]`);
    if (!w.page.url().endsWith('/bo-sung')) await w.follow(`main a[href="/ho-so/${code}/bo-sung"]`);
    await w.type('[name="answers/2"]', 'Xin phép làm nhà ở.');
    await w.attach('[name="answers/1"]', [photograph()]);
    await w.follow('main form[action$="/bo-sung"] button[type=submit]:not([name])');
    assert.ok(w.page.url().endsWith(`/ho-so/${code}`), await w.page.locator('main').innerText());
    const history = (await (await office.as('congdan')).get(`/api/v1/dossiers/${code}/history`)).body.items;
    assert.ok(history.some(h => h.action === 'supplement'), JSON.stringify(history.map(h => h.action)));
  },
};

const counter = {
  title: 'Receive 20 people in a row at the counter', times: 20,
  async walk(w, office) {
    await w.signIn('tiepnhan');
    await w.go('/tiep-nhan');
    const codes = new Set();
    for (let i = 0; i < 20; i++) {
      await scan(w, scanned(++people));
      const recent = w.page.locator(`main a[href="/tiep-nhan/ho-so/${COUNTER_CODE}"]`);
      if (w.manner !== 'keyboard' && await recent.count()) await w.follow(recent);
      else {
        const key = await recent.count() ? await recent.first().getAttribute('data-mc-key') : COUNTER_CODE;
        await w.type('#scan', key);
        await w.enter();
      }
      await w.press('#all');
      if (w.manner === 'keyboard') await w.enter();
      else await w.follow('button[name=way][value=receive]');
      codes.add(/vua=(.*)$/.exec(w.page.url())?.[1]);
    }
    assert.equal(codes.size, 20);
    const officer = await office.as('tiepnhan');
    for (const code of codes) assert.equal(await status(officer, code), 2);
  },
};

const examine = {
  title: 'Examine one dossier and propose, from the inbox',
  prepare: async office => (await dossiers(office, 1, 1))[0],
  async walk(w, office, code) {
    await w.signIn('chuyenvien');
    await openFromInbox(w, code);
    await act(w, 'examine', 'e', form => w.type(form.locator('[name=note]'), 'Hồ sơ đủ điều kiện.'));
    await w.go(`/ho-so/${code}`);
    await act(w, 'propose', 'd', form => w.choose(form.locator('[name=outcome][value=granted]')));
    const done = (await (await office.as('chuyenvien')).get(`/api/v1/dossiers/${code}/history`)).body.items.map(h => h.action);
    assert.ok(done.includes('examine') && done.includes('propose'), `${done}`);
  },
};

const approve = {
  title: 'Approve 50 at once, after seeing what differs',
  async prepare(office) {
    const codes = await dossiers(office, 50, 3), citizen = await office.as('congdan');
    return Promise.all(codes.map(async code => [code, (await citizen.get(`/api/v1/dossiers/${code}`)).etag]));
  },
  async walk(w, office, before) {
    await w.signIn('lanhdao');
    await w.go('/viec');
    await w.select('select[name=viec]', 'approve');
    await w.follow('button[name=tat-ca]');
    await w.follow('form[action="/viec/hang-loat"] button[type=submit]');
    const citizen = await office.as('congdan'), { pages } = w.count; // the page shows itself again as long as the batch lasts
    await eventually('the last approval', async () => (await Promise.all(before.map(async ([code, etag]) => (await citizen.get(`/api/v1/dossiers/${code}`)).etag !== etag))).every(Boolean));
    await w.page.reload();
    await w.look();
    w.count.pages = pages;
    assert.match(await w.page.locator('main').innerText(), /50\/50/);
  },
};

const issue = {
  title: 'Issue a result and return it: its receipt is scanned',
  async prepare(office) {
    const [code] = await dossiers(office, 1, 4);
    const page = await (await office.signIn('congdan')).get(`/ho-so/${code}/da-nop`);
    return { code, receipt: office.url + /(\/tra-cuu\/[\w.-]+)\/ma-qr/.exec(page.text)[1] };
  },
  async walk(w, office, { code, receipt }) {
    await w.signIn('vanthu');
    await openFromInbox(w, code);
    await act(w, 'issue', 'h');
    await w.signIn('tiepnhan');
    await w.go('/tiep-nhan');
    await scan(w, receipt);
    assert.ok(w.page.url().endsWith(`/ho-so/${code}`));
    await act(w, 'return', 'r');
    assert.equal(await status(await office.as('tiepnhan'), code), 10);
  },
};

const staff = `Họ và tên;Vai trò;Email\n${[...Array(20)].map((_, i) => `Nguyễn Thị Hoa;${['Tiếp nhận', 'Chuyên viên', 'Phó Chủ tịch', 'Văn thư'][i % 4]};`).join('\n')}`;
const setup = {
  title: 'Set up a commune office from the printed link, 20 officers from a list',
  prepare: freshOffice,
  office: fresh => fresh,
  async walk(w, office, fresh) {
    const { page } = w;
    await w.go(fresh.setup);
    await w.type('[name=password]', password);
    await w.enter();
    await w.goOn('main a.govuk-button');
    await w.type('#q', 'tuyen quang lam dong');
    await w.enter();
    for (let i = 0; i < 3; i++) await w.goOn('.mc-admin-form button'); // agency, units, hours as they are proposed
    const typed = w.count.typed;
    await w.type('[name=text]', staff); // pasted
    w.count.typed = typed;
    await w.goOn('.mc-admin-form .govuk-button-group button');
    await w.follow('.mc-admin-form button[value=make]');
    assert.equal(await page.locator('.mc-admin-slips__slip').count(), 20);
    const [login, secret] = (await page.locator('.mc-admin-slips__slip').first().locator('code').allInnerTexts()).map(t => t.trim());
    await w.goOn('main a.govuk-button');
    await w.goOn('.mc-admin-form button');
    await w.goOn('.mc-admin-form button');
    assert.ok(await fresh.signIn(login, secret), 'the first of the twenty can sign in');
  },
  clean: fresh => fresh.close(),
};

const follow = {
  title: 'Follow a dossier by the receipt’s QR code without signing in, then ask the office a question', width: 375,
  async prepare(office) {
    const [code] = await dossiers(office, 1, 1);
    const page = await (await office.signIn('congdan')).get(`/ho-so/${code}/da-nop`);
    return { code, address: /(\/tra-cuu\/[\w.-]+)\/ma-qr/.exec(page.text)[1] };
  },
  async walk(w, office, { code, address }) {
    await w.go(address);
    assert.match(await w.page.locator('main').innerText(), new RegExp(code));
    const ask = w.page.locator(`main a[href^="/dang-nhap?return="]`);
    if (await ask.count()) await w.follow(ask);
    else {
      if (await w.page.locator('.mc-menu__open').isVisible()) await w.press('.mc-menu__open');
      await w.follow('header a[href^="/dang-nhap"]');
    }
    await w.type('[name=login]', 'congdan');
    await w.type('[name=password]', password);
    await w.enter();
    if (!w.page.url().endsWith('/trao-doi')) {
      await w.go(`/ho-so/${code}`);
      await w.follow(`main a[href="/ho-so/${code}/trao-doi"]`);
    }
    await w.type('#text', 'Bao giờ có kết quả?');
    await w.follow('main form[action$="/trao-doi"] button[type=submit]');
    const said = (await (await office.as('tiepnhan')).get(`/api/v1/dossiers/${code}/messages`)).body.items;
    assert.equal(said[0].text, 'Bao giờ có kết quả?');
  },
};

const recover = {
  title: 'Recover an account at the counter: the card is compared, a code printed, the person chooses a password',
  async prepare(office) {
    const n = ++people, number = `06819012${String(1000 + n)}`, phone = `0987${String(100000 + n)}`;
    const receiver = await office.signIn('tiepnhan'), place = '/tiep-nhan/tai-khoan';
    const card = `${number}|24512${String(1000 + n)}|Lò Thị Mẩy|01021990|Nữ|Bản Pa Cheo, tỉnh Lào Cai|01012022`;
    const page = await receiver.post(place, { ...(await receiver.get(place)).form(place), card, phone, compared: 'yes' });
    assert.equal(page.status, 200, page.words);
    return { card, phone };
  },
  async walk(w, office, { card, phone }) {
    await w.signIn('tiepnhan');
    await w.go('/tiep-nhan/tai-khoan');
    await w.at('#card').fill(card); // scanned
    await w.press('#compared');
    if (w.manner === 'keyboard') await w.enter();
    else await w.follow('main form button[type=submit]');
    const code = (await w.page.locator('.mc-person-code__words').innerText()).trim();
    await w.context.clearCookies(); // from here on the person, at their phone, which read the code's picture
    await w.go(`/ma-tai-khoan/${code}`);
    await w.type('[name=password]', 'mot con ngua dau ca tau');
    await w.enter();
    assert.doesNotMatch(w.page.url(), /ma-tai-khoan/, await w.page.locator('main').innerText());
    assert.ok(await office.signIn(phone, 'mot con ngua dau ca tau'));
  },
};

let version = 1;
const publish = {
  title: 'Publish a new version of a procedure: one term changed, seen, decided',
  async prepare(office) {
    const all = (await (await office.as('quantri')).get(`/api/v1/procedures/${CODE}/versions`)).body.items;
    return version = Math.max(...all.map(v => v.version));
  },
  async walk(w, office, from) {
    const base = `/quan-tri/thu-tuc/${CODE}`, term = String(6 + from);
    await w.signIn('quantri');
    await w.go(base);
    await w.follow(`main a[href="${base}/sua?tu=${from}"]`);
    await w.type('[name="channels/0/cases/0/term"]', term);
    await w.enter();
    if (!/cong-bo/.test(w.page.url())) await w.goOn(`main a[href^="${base}/cong-bo"]`);
    await w.type('[name=number]', '7001/QĐ-BQP');
    for (const name of ['date', 'from']) if (await w.at(`[name=${name}]`).inputValue() === '') await w.type(`[name=${name}]`, '2026-11-23');
    if (await w.at('[name=authority]').inputValue() === '') await w.type('[name=authority]', 'Bộ Quốc phòng');
    if (await w.page.locator('input[type=radio][name=level]').count()) {
      if (!await w.page.locator('[name=level]:checked').count()) await w.choose('[name=level][value=ministry]');
    } else if (await w.at('[name=level]').inputValue() !== 'ministry') await w.select('[name=level]', 'ministry');
    await w.attach('input[type=file][name=file]', [{ name: 'quyet-dinh.pdf', mimeType: 'application/pdf', buffer: pdf(`quyết định ${from}`) }]);
    await w.goOn('main form[action*="cong-bo"] button[type=submit]:not([name])');
    const now = (await (await office.as('quantri')).get(`/api/v1/procedures/${CODE}`)).body;
    assert.deepEqual([now.version, now.channels[0].cases[0].term.working_days], [from + 1, Number(term)], await w.page.locator('main').innerText());
  },
};

// In an order in which no walk leaves another's inbox full.
export const tasks = { apply, supplement, counter, issue, approve, examine, setup, follow, recover, publish };
export const made = clock;

// One task in one manner, from nothing prepared to its end.
export async function walkOnce(Walk, browser, office, name, manner, pictures) {
  const task = tasks[name], ready = await task.prepare?.(office);
  const walk = await Walk.open(browser, task.office?.(ready) ?? office, name, manner, { width: task.width, pictures });
  try {
    await task.walk(walk, office, ready);
  } catch (error) {
    error.message = `${name}, ${manner}, at ${walk.page.url()}: ${error.message}`;
    throw error;
  } finally {
    await walk.context.close();
    await task.clean?.(ready);
  }
  return walk.sums();
}
