// An office where every page has something to show: the demo with dossiers in every state, and what the demo has not: an application
// half done, one at the counter that is being confirmed, a number in the queue, an appointment, a webhook, a batch.
import { link } from '../support/mail.mjs';
import { freshOffice, openOffice, owner, password, pdf, submission, Visitor } from '../support/office.mjs';

export const CLOCK = '2026-11-23T02:00:00Z'; // Monday, nine in the morning in Việt Nam
const CODE = '1.013124', CARD = '079190001234|024123456|Trần Thị Bích Vân|12031990|Nữ|12 Lê Lợi, phường Bến Nghé|15062022';
const where = answer => answer.headers.get('location');
const found = (pattern, page) => pattern.exec(page.text)?.[1].replaceAll('&amp;', '&');

// mail: a server (support/mail.mjs) to which letters go, whose links are then places too.
export async function openWorld({ small = false, env = {}, mail } = {}) {
  if (mail) env = { MOTCUA_SMTP_URL: mail.url, MOTCUA_SMTP_TLS: 'never', MOTCUA_MAIL_FROM: 'motcua@office.example.vn', ...env };
  const office = await openOffice({ made: CLOCK, env: { MOTCUA_CLOCK: CLOCK, MOTCUA_WEBHOOK_ALLOW: '127.0.0.1', ...env }, dossiers: true });
  const world = { office, card: CARD };
  await Promise.all([dossiers(office, world), draft(office, world)]);
  if (!small) {
    await atTheCounter(office, world);
    await Promise.all([appointment(office, world), more(office, world)]);
    if (mail) await letters(office, world, mail);
  }
  return world;
}

// An office that nobody has set up yet, and the link that its start prints.
export async function openFreshOffice(world) {
  const office = await freshOffice();
  world.setup_link = office.url + office.setup;
  return office;
}

// One dossier for each state, as its reader finds it.
async function dossiers(office, world) {
  const all = async (login, status) => (await (await office.as(login)).get(`/api/v1/dossiers?status=${status}&limit=50`)).body.items;
  const of = { running: ['congdan', 4], asked: ['congdan', 5], withdrawn: ['congdan', 7], done: ['congdan', 9], fresh: ['tiepnhan', 1], working: ['chuyenvien', 4],
    proposed: ['lanhdao', 4], approved: ['vanthu', 4], issued: ['tiepnhan', 9], refused: ['tiepnhan', 3] };
  for (const [name, [login, status]] of Object.entries(of)) {
    const list = await all(login, status), desk = new Map();
    if (['working', 'proposed', 'approved'].includes(name)) {
      const { body } = await (await office.as(login)).get('/api/v1/tasks?limit=50');
      for (const task of body.items) desk.set(task.code, task);
    }
    world[name] = (list.find(d => desk.has(d.code)) ?? list.find(d => d.agency === 'G11') ?? list[0])?.code ?? [...desk.keys()][0];
  }
}

async function send(visitor, base, step, fields, files) {
  const page = await visitor.get(`${base}/${step}`);
  return visitor.post(`${base}/${step}`, { ...page.form(`${base}/${step}`), ...fields }, files);
}

async function draft(office, world) {
  const citizen = await office.signIn('congdan');
  const base = await citizen.begin(`/nop-ho-so/${CODE}?moi=1`);
  await send(citizen, base, 'noi-nop', {});
  await send(citizen, base, 'thay-mat', { behalf: 'self' });
  await send(citizen, base, 'nguoi-nop', { 'parties/0/phone': '0912 345 678' });
  await send(citizen, base, 'khai', { 'form/request': 'Đề nghị thẩm định kế hoạch.' });
  const field = found(/<input[^>]*type="file"[^>]*name="([^"]*)"/, await citizen.get(`${base}/giay-to`)) ?? found(/name="([^"]*)"[^>]*type="file"/, await citizen.get(`${base}/giay-to`));
  if (field) await send(citizen, base, 'giay-to', {}, { [field]: [new File([pdf('đơn')], 'don-de-nghi.pdf', { type: 'application/pdf' })] });
  world.draft = base;
}

async function atTheCounter(office, world) {
  const officer = await office.signIn('tiepnhan'), admin = await office.signIn('quantri');
  const base = await officer.begin(`/nop-ho-so/${CODE}?kenh=counter&moi=1`);
  await send(officer, base, 'nguoi-nop', { 'parties/0/name': owner.name, 'parties/0/identities/0/type': 'personal_id', 'parties/0/identities/0/value': '079203001234', 'parties/0/phone': owner.phone });
  await send(officer, base, 'khai', { 'form/request': 'Xin giải quyết theo quy định.' });
  const check = await officer.get(`${base}/kiem-tra`);
  await officer.post(`${base}/xac-nhan`, check.form(`${base}/xac-nhan`));
  world.counter_draft = base;
  world.confirm = `/xac-nhan/${officer.cookies.get('xac-nhan')}`;
  const form = (await officer.get('/tiep-nhan/tai-khoan')).form('/tiep-nhan/tai-khoan');
  world.password_code = found(/mc-person-code__words">([^<]+)</, await officer.post('/tiep-nhan/tai-khoan', { ...form, card: CARD, phone: '0987 111 222', compared: 'yes' }));
  world.agency = found(/\/bang-so\/([^"]*)"/, await officer.get('/tiep-nhan'));
  world.kiosk = found(/href="(\/lay-so\/[^"?]*\?may=[^"]*)"/, await admin.get('/quan-tri/quay'));
  const person = new Visitor(office), way = world.kiosk.split('?')[0];
  world.ticket = where(await person.post(way, { ...(await person.get(`${world.kiosk}&dong=A`)).form(way), priority: '' }));
}

async function appointment(office, world) {
  const citizen = await office.signIn('congdan');
  const page = await citizen.get(`/dat-hen?thu-tuc=${CODE}&co-quan=G11&ngay=2026-11-24`);
  const at = found(/name="at" value="([^"]*)"/, page);
  await citizen.post('/dat-hen', { ...page.form('/dat-hen'), at });
  world.appointment = found(/"(\/lich-hen\/[^"]*)\/ma-qr.svg"/, await citizen.get('/lich-hen')) ?? found(/href="(\/lich-hen\/[\w-]{20,})"/, await citizen.get('/lich-hen'));
}

async function more(office, world) {
  const receipt = await (await office.signIn('congdan')).get(`/ho-so/${world.running}/da-nop`);
  world.follow = found(/src="(\/tra-cuu\/[^"]*)\/ma-qr.svg"/, receipt);
  world.error = found(/\/tro-giup\/loi\/([^"]*)"/, await new Visitor(office).get('/thu-tuc/9.999999'));
  const admin = await office.as('quantri'), receiver = await office.as('tiepnhan');
  world.phrase = found(/href="(\/quan-tri\/cau-mau\/(?!moi)[^"]*)"/, await (await office.signIn('quantri')).get('/quan-tri/cau-mau'));
  world.webhook = (await admin.post('/api/v1/webhooks', { url: 'http://127.0.0.1:9/hook' })).body.id;
  const { items } = (await receiver.get('/api/v1/dossiers?status=1&limit=50')).body; // one of the others: the fresh one is looked at
  world.batched = items.find(d => d.agency === 'G11' && d.code !== world.fresh).code;
  world.batch = (await receiver.post('/api/v1/batches', { act: 'receive', dossiers: [world.batched] })).body.id;
}

async function register(office, login, name) {
  const visitor = new Visitor(office);
  await visitor.get('/dang-ky');
  const made = await visitor.post('/dang-ky', { kind: 'citizen', name, number: `0792030${10000 + login.length}`, email: `${login}@example.vn`, phone: '', login, password });
  if (made.status !== 303) throw new Error(made.words);
  const page = await visitor.get('/tai-khoan/thong-bao');
  await visitor.post('/tai-khoan/thong-bao/xac-nhan', page.form('/tai-khoan/thong-bao/xac-nhan'));
  return visitor;
}

// One citizen is asked about an address; another has confirmed it, is told of a dossier that was refused, and asked how it went.
async function letters(office, world, mail) {
  const path = (l, begin) => link(l, begin).slice(office.url.length), of = (login, fits) => mail.wait(l => l.to === `${login}@example.vn` && fits(l));
  await register(office, 'nguyenthihoa', 'Nguyễn Thị Hoa');
  await register(office, 'lethilan', 'Lê Thị Lan');
  const asked = path(await of('nguyenthihoa', () => true), '/thong-bao/xac-nhan/'), mine = path(await of('lethilan', () => true), '/thong-bao/xac-nhan/');
  const nobody = new Visitor(office);
  await nobody.post(mine, {});
  const citizen = await office.as('lethilan'), { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body;
  const stop = path(await of('lethilan', l => l.text.includes('/thong-bao/ngung/')), '/thong-bao/ngung/');
  await (await office.as('tiepnhan')).act(code, 'refuse', { reason: 'Không thuộc thẩm quyền, theo Điều 5.' });
  const rate = path(await of('lethilan', l => l.text.includes('/danh-gia/')), '/danh-gia/');
  Object.assign(world, { letter_confirm: asked, letter_stop: stop, letter_rate: rate });
}
