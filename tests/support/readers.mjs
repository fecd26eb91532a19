// Everybody reads everything: the pages that are known and wherever their links lead, as each person. What is looked for on a page is its
// caller's business; that each page is text, and whole, is asked here.
import assert from 'node:assert/strict';
import { tags } from './forms.mjs';

// Where a link leads only to more of the same, or away from where one is.
const dull = /^\/(language|giao-dien|tro-giup|thu-tuc\?|nop-ho-so\/[\d.]+($|\?)|ho-so\/.*giay-to)/;

// person(login) is who reads; most: pages for each of them at the most. Gives how many pages were read.
export async function readEverywhere({ person, logins, places, most }, look) {
  let pages = 0;
  for (const login of logins) {
    const visitor = await person(login), known = new Set(places);
    for (const place of known) {
      const page = await visitor.get(place);
      assert.ok(page.status < 500, `${login} ${place}: ${page.status}`);
      pages++;
      const isPage = /html/.test(page.headers.get('content-type') ?? '');
      if (isPage) assert.doesNotMatch(page.text, /\ufffd|[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/, `${login} at ${place}: bytes that are no text`);
      look(login, place, page, isPage);
      if (!isPage || page.status !== 200 || known.size > most) continue;
      for (const { name, attributes } of tags(page.text)) {
        const to = name === 'a' ? attributes.href?.split('#')[0] : undefined;
        if (to?.startsWith('/') && !dull.test(to) && (login || places.includes(place))) known.add(to);
      }
    }
  }
  return pages;
}
