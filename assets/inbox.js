// An open inbox asks every second whether something came, says it in the line above the list, where room is kept for it, and
// renews the list when nobody is in the middle of it. Who has not touched the page for a while is asked for no longer, so that a
// screen that nobody looks at does not keep its session.
const inbox = document.querySelector("[data-mc-inbox]");
const came = inbox.querySelector("[data-mc-came]");
const ASK_MS = 800, SHOWN_MS = 20000, AT_REST_MS = 3000, GONE_MS = 20 * 60000;
const began = inbox.dataset.mcAsOf;

let touchedAt = performance.now(), tag = "", known = new Set(), clear;

for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"])
  addEventListener(kind, () => { touchedAt = performance.now(); }, { passive: true });

const rested = () => performance.now() - touchedAt;

function isInUse() {
  const rows = inbox.querySelector("[data-mc-inbox-rows]");
  if (!rows.querySelector("[data-mc-row]")) return false;
  const isTicked = rows.querySelector("input[type=checkbox]:checked") !== null;
  return isTicked || rows.contains(document.activeElement) || document.querySelector("dialog[open]") !== null || rested() < AT_REST_MS;
}

function showBadges(tabs) {
  for (const { tab, new: fresh } of tabs) {
    const badge = inbox.querySelector(`[data-mc-fresh="${tab}"]`);
    if (fresh === 0) continue;
    badge.textContent = `${fresh} ${badge.dataset.mcText}`;
    badge.hidden = false;
  }
}

// One line, the newest dossier in it; the next one takes its place, and it vanishes.
function tell(items, total) {
  const [first] = items;
  const link = Object.assign(document.createElement("a"), { className: "govuk-link", href: `/ho-so/${first.code}`, textContent: first.code });
  const more = total > 1 ? ` ${came.dataset.mcMoreText} ${total - 1}` : "";
  came.replaceChildren(`${came.dataset.mcCameText} `, link, ` ${[first.owner, first.step, first.due].filter(Boolean).join(" · ")}${more}`);
  clearTimeout(clear);
  clear = setTimeout(() => came.replaceChildren(), SHOWN_MS);
}

async function renew() {
  const address = new URL(location.href);
  address.searchParams.set("nen", "1"); // nobody looked: what is new stays new
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected || isInUse()) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = page.querySelector("[data-mc-inbox-rows]");
  if (!rows || isInUse()) return false;
  inbox.querySelector("[data-mc-inbox-rows]").replaceWith(document.importNode(rows, true));
  for (const [n, count] of page.querySelectorAll("[data-mc-inbox] .mc-count").entries()) {
    const here = inbox.querySelectorAll(".mc-count")[n];
    if (here) here.textContent = count.textContent;
  }
  document.dispatchEvent(new Event("mc-rows"));
  return true;
}

let isBehind = false;

async function ask() {
  const answer = await fetch(`/viec/moi?tu=${began}`, { headers: tag ? { "if-none-match": tag } : {}, cache: "no-store" });
  if (answer.status === 200) {
    tag = answer.headers.get("etag") ?? "";
    const { tabs, items } = await answer.json();
    const fresh = items.filter(i => !known.has(i.code));
    for (const item of items) known.add(item.code);
    showBadges(tabs);
    if (fresh.length) {
      tell(fresh, tabs[0].new);
      isBehind = true;
    }
  } else if (answer.status !== 304) {
    return false; // signed out, or the office is closed: the page says so when it is used
  }
  if (isBehind && !isInUse()) isBehind = !(await renew());
  return true;
}

async function watch() {
  let goesOn = true;
  try {
    if (rested() < GONE_MS && !document.hidden) goesOn = await ask();
  } catch { /* the next time */ }
  if (goesOn) setTimeout(watch, ASK_MS);
}

setTimeout(watch, ASK_MS);
