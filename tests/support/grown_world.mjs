// The world of tests/ux/world.mjs with what its pages have not, so that every form of every page can be found: each act that somebody may
// do just now, a mandate, own papers, a view that is kept, absences, the person at a desk, letters with their links, an act on many.
// Gives more visits, [login or null, address], pages that only a form answers, {login, ask: visitor => page}, and a mail server that the
// caller closes.
import { openWorld } from '../ux/world.mjs';
import { MailServer } from './mail.mjs';
import { pdf } from './office.mjs';

const logins = ['congdan', 'doanhnghiep', 'tiepnhan', 'chuyenvien', 'chuyenvien2', 'lanhdao', 'vanthu', 'tiepnhan.xa', 'chuyenvien.xa', 'lanhdao.xa', 'vanthu.xa'];

export async function openGrownWorld() {
  const mail = await new MailServer().open();
  const world = await openWorld({ mail });
  const visits = [];
  for (const grow of [acts, readers, mandates, papers, desks, posts]) visits.push(...await grow(world.office, world, mail));
  const answers = [{ login: 'tiepnhan', ask: chosen }, { login: 'tiepnhan', ask: running }];
  return { world, visits, answers, mail };
}

// The page that asks about an act on many dossiers.
async function chosen(visitor) {
  const inbox = await visitor.get('/viec?chon=het'), form = inbox.form('/viec/chon');
  const hs = [...inbox.text.matchAll(/name="hs" id="[^"]*" value="([^"]*)"/g)].map(m => m[1]).slice(0, 3);
  return visitor.post('/viec/chon', { csrf: form.csrf, loc: '', viec: 'receive', hs });
}

// The page of an act on many while it still runs: what may be done again and again is asked of many dossiers until one is met so.
async function running(visitor) {
  const client = await visitor.office.as('tiepnhan'), { items } = (await client.get('/api/v1/tasks?limit=100')).body;
  for (let tries = 0; tries < 30; tries++) {
    let id; // the last of several, which run one after the other
    for (let n = 0; n < 8; n++) ({ id } = (await client.post('/api/v1/batches', { act: 'note-contact', dossiers: items.map(t => t.code), fields: { manner: 'call', note: 'Đã gọi điện.' } })).body);
    const page = await visitor.get(`/viec/hang-loat/${id}`);
    if (page.actions.some(a => a.endsWith('/dung'))) return page;
  }
  throw new Error('no batch was met while it ran');
}

// Who gets letters says which.
const readers = async () => [['congdan', '/tai-khoan/thong-bao'], ['lethilan', '/tai-khoan/thong-bao']];

// An officer with a second post chooses between the two.
async function posts(office) {
  const admin = await office.signIn('quantri'), at = '/quan-tri/tai-khoan/chuyenvien2', form = (await admin.get(at)).form(at);
  const made = await admin.post(at, { ...form, act: 'post', role: 'receiver', agency: 'G11' });
  if (made.status !== 303) throw new Error(made.words);
  return [['chuyenvien2', '/tai-khoan']];
}

// A dossier's page for each act, as who may do it.
async function acts(office, world) {
  const found = new Map(), kept = new Set(['running', 'asked', 'done', 'withdrawn', 'fresh', 'working', 'proposed', 'approved', 'issued', 'refused'].map(n => world[n]));
  for (const login of logins) {
    const client = await office.as(login);
    for (const { code } of (await client.get('/api/v1/dossiers?limit=100')).body?.items ?? [])
      for (const { name } of (await client.get(`/api/v1/dossiers/${code}`)).body?.actions ?? []) if (!found.has(name) || kept.has(found.get(name)[1])) found.set(name, [login, code]);
  }
  return [...new Map([...found.values()].map(([login, code]) => [`${login} ${code}`, [login, `/ho-so/${code}`]])).values(), ['tiepnhan', `/ho-so/${world.fresh}?xem=ghi-chu`],
    ['tiepnhan', `/ho-so/${world.fresh}?xem=trao-doi`]];
}

const DAY = '2026-11-23'; // of the world's clock: whoever has an appointment today may come

async function mandates(office) {
  const counter = '/tiep-nhan/tai-khoan', receiver = await office.signIn('tiepnhan'), giver = await office.signIn('congdan');
  for (const card of [{ card: '068190999901', name: 'Nguyễn Thị Ngọc Ánh' }, { card: '5801999008', name: 'Công ty TNHH Xây dựng Đức Phú', kind: 'business' }])
    await receiver.post(counter, { ...(await receiver.get(counter)).form(counter), compared: 'yes', ...card });
  const made = await giver.post('/uy-quyen', { ...(await giver.get('/uy-quyen')).form('/uy-quyen'), taker: 'doanhnghiep' });
  if (made.status !== 303) throw new Error(made.words);
  return [['congdan', '/uy-quyen'], ['doanhnghiep', '/uy-quyen']];
}

async function papers(office) {
  const citizen = await office.signIn('congdan'), form = (await citizen.get('/kho-giay-to')).form('/kho-giay-to');
  await citizen.post('/kho-giay-to', { ...form, title: 'Giấy khai sinh' }, { file: [new File([pdf('giấy khai sinh')], 'giay-khai-sinh.pdf', { type: 'application/pdf' })] });
  return [['congdan', '/kho-giay-to']];
}

// What stands at the desks of officers: somebody at the counter, a view that is kept, a colleague who is asked, an act on many.
async function desks(office, world) {
  const receiver = await office.signIn('tiepnhan'), specialist = await office.signIn('chuyenvien'), programs = await office.as('chuyenvien');
  await receiver.post('/tiep-nhan', { ...(await receiver.get('/tiep-nhan')).form('/tiep-nhan'), scan: world.card });
  const keep = (await specialist.get('/viec?loc=cua-toi')).form('/viec/cach-xem'); // one that is kept, and one that may be
  await specialist.post('/viec/cach-xem', { ...keep, ten: 'Việc của tôi' });
  await programs.post('/api/v1/absences', { substitute: 'chuyenvien2', from: '2027-01-10', to: '2027-01-12', ask: true });
  const business = await office.as('doanhnghiep'), [{ at }] = (await business.get(`/api/v1/appointments/slots?agency=G11&day=${DAY}`)).body.items;
  const booked = await business.post('/api/v1/appointments', { agency: 'G11', at });
  if (booked.status !== 201) throw new Error(booked.text);
  return [['tiepnhan', '/tiep-nhan'], ['chuyenvien', '/viec?loc=cua-toi'], ['chuyenvien', '/viec?loc=chua-giao'], ['chuyenvien', '/viec/vang-mat'], ['chuyenvien2', '/viec/vang-mat'],
    ['tiepnhan', `/tiep-nhan/lich-hen?ngay=${DAY}`]];
}
