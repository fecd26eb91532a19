// Eight key pages as `make ux` looks at all of them: axe, the policy, the window down to 320 px, the reader's spacing, forced colours,
// the dark theme, paper, valid HTML, the language of every word, what shifts and what it weighs. docs/ux.md says more.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser } from '../support/eyes.mjs';
import { Look, most } from '../ux/checks.mjs';
import { key_pages, visits } from '../ux/routes.mjs';
import { openWorld } from '../ux/world.mjs';

let world, browser;
before(async () => { [world, browser] = await Promise.all([openWorld({ small: true }), openBrowser()]); });
after(async () => {
  await browser?.close();
  await world?.office.close();
});

describe('eight key pages', { concurrency: 2 }, () => {
  // Both languages, both widths and all three manners stand in these: `make ux` has every combination.
  for (const [language, width, manner] of [['vi', 1280, 'scripts'], ['vi', 375, 'scripts'], ['en', 1280, 'scripts'], ['en', 375, 'blocked'], ['vi', 375, 'off']])
    test(`eight key pages in ${language} at ${width} px, scripts ${manner === 'scripts' ? 'on' : manner}`, async () => {
      const found = [];
      let look;
      for (const { login, address } of visits(world, key_pages)) {
        if (look?.login !== login) {
          await look?.close();
          look = await Look.open(browser, world.office, { login, language, width, manner });
          if (manner === 'scripts') await look.go('/tro-giup');
        }
        const seen = await look.visit(address);
        for (const f of seen.found) found.push(`${address}: ${f}`);
      }
      await look.close();
      assert.deepEqual(found, []);
    });
});

test('the first page that a phone loads weighs less than 100 KB, whichever it is', async () => {
  for (const { login, address } of visits(world, key_pages).filter(v => v.login === null)) {
    const look = await Look.open(browser, world.office, { login, width: 375 });
    await look.go(address);
    console.log(`# first load of ${address}: ${look.bytes} bytes`);
    assert.ok(look.bytes > 10000 && look.bytes < most.first_bytes, `${address}: ${look.bytes} bytes`);
    await look.close();
  }
});
