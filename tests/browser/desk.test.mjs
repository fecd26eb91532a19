// The officer's desk and the conversation in Chromium: every tab, the check-list and the viewer with page, turn and enlargement, on a
// phone and on a desk, with and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

let office, browser, code, component;
before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
  const [citizen, receiver] = await Promise.all(['congdan', 'tiepnhan'].map(login => office.as(login)));
  code = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code;
  component = (await receiver.get(`/api/v1/dossiers/${code}`)).body.files[0].component;
  await receiver.post(`/api/v1/dossiers/${code}/messages`, { text: 'Xin cho biết số tờ bản đồ.' });
  await citizen.post(`/api/v1/dossiers/${code}/messages`, { text: 'Tờ số 4.' });
  await receiver.post(`/api/v1/dossiers/${code}/notes`, { text: 'Đã gọi điện.' });
  const marks = `/api/v1/dossiers/${code}/checks`, marked = await receiver.change(marks, marks, { component, state: 'incomplete', word: 'thiếu trang 2' });
  assert.equal(marked.status, 200, marked.text);
});
after(async () => {
  await browser?.close();
  await office?.close();
});

for (const width of [375, 1280])
  for (const scripts of [true, false])
    test(`the desk and the conversation at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
      const officer = await Eyes.open(browser, office, { width, scripts });
      await officer.signIn('tiepnhan');
      for (const [tab, what] of [['', 'dossier'], ['?xem=trao-doi', 'messages'], ['?xem=ghi-chu', 'notes'], ['?xem=lich-su', 'history']]) {
        await officer.go(`/ho-so/${code}${tab}`);
        await officer.look(`70-desk-${what}`);
        if (scripts) assert.deepEqual(await officer.violations(), [], what);
      }
      await officer.go(`/ho-so/${code}`);
      assert.ok(await officer.page.locator('#request-supplement[open]').count(), 'what is incomplete puts asking for papers at hand');
      const turn = officer.page.getByRole('link', { name: 'Xoay phải' });
      if (await turn.count()) {
        await Promise.all([officer.page.waitForNavigation(), turn.click()]);
        await Promise.all([officer.page.waitForNavigation(), officer.page.getByRole('link', { name: 'Phóng to' }).click()]);
        assert.match(await officer.page.locator('.mc-desk-view__picture').getAttribute('src'), /xoay=1/);
        assert.match(officer.page.url(), /rong=1/);
        await officer.look('71-desk-turned');
      }
      await officer.close();
      const applicant = await Eyes.open(browser, office, { width, scripts });
      await applicant.signIn('congdan');
      await applicant.go(`/ho-so/${code}/trao-doi`);
      await applicant.look('72-conversation');
      if (scripts) assert.deepEqual(await applicant.violations(), []);
      await applicant.close();
      const admin = await Eyes.open(browser, office, { width, scripts });
      await admin.signIn('quantri');
      for (const at of ['', '/unreadable', '/moi']) {
        await admin.go(`/quan-tri/cau-mau${at}`);
        await admin.look(`73-phrases${at.replace('/', '-')}`);
        if (scripts) assert.deepEqual(await admin.violations(), [], at);
      }
      await admin.close();
    });
