// Every form that any page shows to anybody, found by reading the pages of the grown world: who sees it, where, and the row of the route
// table that takes it. What is sent to them is their caller's business.
import { forms } from './forms.mjs';
import { Visitor } from './office.mjs';

// They end the visit: found by who signs in for them alone (a login with = before it).
const signing = /dang-xuat|\/phien\/|mat-khau/;
const leaving = [['=lethilan', '/tai-khoan'], ['=lethilan', '/tai-khoan/phien']];

// Who reads; who is written with a = signs in anew each time, because their forms may end the visit.
export function people(office) {
  const known = new Map();
  return async login => {
    if (known.has(login)) return known.get(login);
    const visitor = login ? await office.signIn(login.replace('=', '')) : new Visitor(office);
    if (!login?.startsWith('=')) known.set(login, visitor);
    await visitor.get('/language/en?return=/'); // the language that is asked for
    return visitor;
  };
}

export const rowOf = (routes, action) => routes.find(r => r.method === 'POST' && new RegExp(`^${r.path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(action.split('?')[0]));

// pages: {login, address}, answers: {login, ask: visitor => page}. Gives [{login, address, form, row}], each form of a route once for each
// set of fields and who sees it. look(address, page): each page, before its forms are read; lost(address, action): a form that goes nowhere.
export async function allForms({ person, routes, pages, answers, look = () => {}, lost = () => {} }) {
  const found = new Map(), all = pages.map(({ login, address }) => ({ login, address, ask: visitor => visitor.get(address) }));
  for (const [login, address] of leaving) all.push({ login, address, ask: visitor => visitor.get(address) });
  for (const { login, address, ask } of [...all, ...answers]) {
    const page = await ask(await person(login)), isLeaving = login?.startsWith('=') ?? false;
    if (page.status !== 200) continue;
    look(address, page);
    for (const form of forms(page.text)) {
      form.action ||= address;
      const row = rowOf(routes, form.action);
      if (!row && form.action.startsWith('/') && !signing.test(form.action)) lost(address, form.action);
      if (!row || signing.test(form.action) !== isLeaving) continue;
      const key = `${row.path} ${login} ${form.fields.map(f => f.name.replace(/\d+/g, '0')).sort().join(' ')}`;
      if (!found.has(key)) found.set(key, { login, address: address ?? '/viec', form, row });
    }
  }
  return [...found.values()];
}
