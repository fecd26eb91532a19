// The administrator in Chromium: the set-up from the printed link to the first test, with and without scripts, on a phone and on a
// desk; then every page of the administration under axe.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Office, openOffice, program } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

const run = promisify(execFile);
let office, browser;
before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await office?.close();
});

const people = `Họ và tên;Vai trò;Email\n${[...Array(20)].map((_, i) => `Nguyễn Thị Hoa;${['Tiếp nhận', 'Chuyên viên', 'Phó Chủ tịch', 'Văn thư'][i % 4]};`).join('\n')}`;

for (const [width, scripts] of [[375, false], [1280, true]])
  test(`a commune office is set up at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
    const fresh = new Office(fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-setup-')));
    await run(program, ['init', ...await fresh.place(), '--data', fresh.data, '--json']);
    await fresh.serve();
    const eyes = await Eyes.open(browser, fresh, { width, scripts }), { page } = eyes, found = [];
    let clicks = 0;
    const click = async selector => {
      clicks++;
      await Promise.all([page.waitForNavigation(), page.click(selector)]);
    };
    const look = async name => {
      await eyes.look(`80-set-up-${name}`);
      if (scripts) for (const v of await eyes.violations()) found.push(`${name}: ${v}`);
    };
    await eyes.go((await fresh.says(/\/thiet-lap\/[\w-]{20,}/))[0]);
    await look('1-welcome');
    await page.fill('[name=password]', 'mot-cua-2026');
    await click('main form button[type=submit]');
    await look('2-steps');
    await click('main a.govuk-button');
    await page.fill('#q', 'tuyen quang lam dong');
    await click('.mc-filter button');
    await look('3-agency');
    await click('.mc-admin-form button');
    await look('4-units');
    await click('.mc-admin-form button');
    await look('5-hours');
    await click('.mc-admin-form button');
    await page.fill('[name=text]', people.replace('Văn thư', 'Bảo vệ'));
    await click('.mc-admin-form .govuk-button-group button');
    await look('6-staff-wrong');
    await page.fill('[name=text]', people);
    await click('.mc-admin-form .govuk-button-group button');
    await click('.mc-admin-form button[value=make]');
    await look('7-passwords');
    assert.equal(await page.locator('.mc-admin-slips__slip').count(), 20);
    await click('main a.govuk-button');
    await look('8-procedures');
    await click('.mc-admin-form button');
    await look('9-test');
    await click('.mc-admin-form button');
    await look('9-done');
    console.log(`# set up at ${width} px: ${clicks} clicks`);
    await eyes.close();
    await fresh.close();
    assert.deepEqual(found, []);
  });

const pages = ['/quan-tri', '/quan-tri/co-quan', '/quan-tri/co-quan/G11.68', '/quan-tri/tai-khoan', '/quan-tri/tai-khoan/tiepnhan', '/quan-tri/vai-tro', '/quan-tri/bao-tri',
  '/quan-tri/thiet-lap', '/quan-tri/suc-khoe', '/quan-tri/mau-giay', '/quan-tri/mau-giay/receipt', '/quan-tri/thong-bao', '/quan-tri/thong-bao/receive/vi', '/quan-tri/webhook'];
for (const [width, language] of [[375, 'vi'], [1280, 'en']])
  test(`no page of the administration has an accessibility violation at ${width} px in ${language}`, async () => {
    const eyes = await Eyes.open(browser, office, { width, language }), found = [];
    await eyes.signIn('quantri');
    for (const target of pages) {
      await eyes.go(target);
      await eyes.look(`81${target.replaceAll('/', '-')}`);
      for (const v of await eyes.violations()) found.push(`${target}: ${v}`);
    }
    await eyes.close();
    assert.deepEqual(found, []);
  });
