// Officers' keys. docs/keyboard.md is the contract; pages only mark what a key reaches, this file does the rest:
//   data-mc-key="t"  data-mc-key="g v"    a link, button, fold or field and the key, or the keys one after another
//   data-mc-list > data-mc-row            rows that j and k walk, x ticks and Enter opens (its a[data-mc-row-link])
//   data-mc-row-keys="t receive y approve"    on the row: a key and the act of its dossier's page that it leads to
// Nothing is caught while somebody types, or together with Ctrl, Alt or Meta, except Ctrl+Enter, which sends a form.
const dialog = document.querySelector("[data-mc-keys]");
const said = document.querySelector("[data-mc-keys-said]");
const list = () => document.querySelector("[data-mc-list]"); // a page may renew it, and says so with the event mc-rows
const SEQUENCE_MS = 1500;
const place = `mc-row:${location.pathname}`;

const rows = () => [...(list()?.querySelectorAll("[data-mc-row]") ?? [])];
const linkOf = row => row.querySelector("a[data-mc-row-link]");
const boxOf = row => row.querySelector("input[type=checkbox]");
const isOn = () => localStorage.getItem("mc-keys") !== "off";

const isTyping = element =>
  element.isContentEditable ||
  /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
  (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset|image)$/.test(element.type));

const isReachable = element =>
  element.getClientRects().length > 0 || element.closest("details:not([open])") !== null;

function say(text) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = text; });
}

// ---- what a key does ----

function focusFirst(container) {
  const all = [...container.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href]")];
  const seen = all.filter(f => f.getClientRects().length > 0 && !f.disabled && !f.closest("details:not([open])"));
  (seen.find(f => !f.matches("button, a")) ?? seen[0] ?? container.querySelector("summary"))?.focus();
}

function open(details) {
  for (let at = details; at; at = at.parentElement?.closest("details")) at.open = true;
  details.scrollIntoView({ block: "nearest" });
  focusFirst(details.querySelector("form") ?? details);
}

// A page that is being left takes no more keys: what is typed is meant for the next one.
let leaving = false;
window.addEventListener("pageshow", () => { leaving = false; });

function activate(element) {
  const fold = element.closest("details");
  for (let at = fold; at; at = at.parentElement?.closest("details")) at.open = true;
  if (element.tagName === "SUMMARY") open(fold);
  else if (isTyping(element)) element.focus();
  else if (element.matches("a[href], button, label, input")) {
    leaving = element.matches("a[href]:not([href^='#'], [target], [download])");
    element.click();
  }
  else if (element.tabIndex >= 0) element.focus();
  else focusFirst(element);
}

// ---- rows ----

let current;

function setCurrent(row) {
  current?.classList.remove("mc-row--current");
  current = row;
  if (!row) return;
  row.classList.add("mc-row--current");
  sessionStorage.setItem(place, JSON.stringify([linkOf(row)?.getAttribute("href"), rows().indexOf(row)]));
}

// The row where one was before, or the one that took its place.
function findCurrent() {
  const all = rows();
  let before = [];
  try { before = JSON.parse(sessionStorage.getItem(place)) ?? []; } catch { /* somebody else's words */ }
  const [href, index] = before;
  setCurrent(all.find(r => linkOf(r)?.getAttribute("href") === href) ?? all[Math.min(index ?? 0, all.length - 1)]);
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const isInside = current?.contains(document.activeElement);
  const next = isInside || by < 0 ? all.indexOf(current) + by : all.indexOf(current);
  setCurrent(all[Math.max(0, Math.min(next, all.length - 1))]);
  linkOf(current)?.focus();
}

function tick() {
  if (!current) return;
  const box = boxOf(current);
  box?.click();
  const all = rows(), next = all[all.indexOf(current) + 1];
  if (box?.checked && next) setCurrent(next);
  linkOf(current)?.focus();
}

function rowKeys(row) {
  const words = (row?.dataset.mcRowKeys ?? "").split(" ").filter(Boolean);
  return new Map(words.flatMap((w, i) => (i % 2 ? [] : [[w, words[i + 1]]])));
}

// An act on those that are ticked, else on the row where one is.
function actOnRows(keys) {
  const isTicked = rows().some(r => boxOf(r)?.checked);
  const option = document.querySelector(`option[data-mc-key="${CSS.escape(keys)}"]`);
  if (isTicked && option) {
    option.selected = true;
    option.form?.querySelector("button[type=submit]:not([name])")?.click();
    return true;
  }
  const act = rowKeys(current).get(keys);
  if (act) location.href = `${linkOf(current).href}#${act}`;
  else if (option || document.querySelector(`[data-mc-legend="${CSS.escape(keys)}"]`)) say(dialog.dataset.mcImpossible);
  else return false;
  return true;
}

const rowMoves = { j: () => step(1), k: () => step(-1), x: tick };

// ---- keys ----

let typed = "", typedAt = 0;
const sameKey = { "=": "+", "_": "-" }; // with and without shift

function targetOf(keys) {
  const all = [...document.querySelectorAll(`[data-mc-key="${CSS.escape(keys)}"]:not(option)`)];
  return all.find(isReachable);
}

const isBeginning = keys => document.querySelector(`[data-mc-key^="${CSS.escape(keys)} "]`) !== null;

function press(key, isRepeat) {
  const keys = typed && performance.now() - typedAt < SEQUENCE_MS ? `${typed} ${key}` : key;
  typed = "";
  if (list() && rowMoves[keys]) return rowMoves[keys](), true;
  if (isRepeat) return false;
  const target = targetOf(keys);
  if (target) return activate(target), true;
  if (list() && actOnRows(keys)) return true;
  if (isBeginning(keys)) return typed = keys, typedAt = performance.now(), true;
  return false;
}

// What goes on from here: the button of the form that one is in; elsewhere that of the only form, or the only button of its rank.
function send(field) {
  const forms = document.querySelectorAll("main form[method=post]");
  const form = field.closest("form[method=post]") ?? (forms.length === 1 ? forms[0] : null);
  const inForm = form?.querySelector("button[type=submit]:not([name]), button:not([type]):not([name])") ?? form?.querySelector("button[type=submit]");
  const first = [...document.querySelectorAll("main .govuk-button:not(.govuk-button--secondary, .govuk-button--warning)")].filter(b => b.getClientRects().length > 0);
  const button = inForm ?? (first.length === 1 ? first[0] : undefined);
  button?.click();
  return button !== undefined;
}

document.addEventListener("keydown", event => {
  const at = document.activeElement ?? document.body;
  if (leaving || event.isComposing || event.defaultPrevented || !isOn()) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    if (send(at)) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") { if (isTyping(at)) at.blur(); return; }
  if (isTyping(at)) return;
  if (event.key === "Enter") {
    if (current && (at === document.body || at.id === "main-content")) linkOf(current)?.click();
    return;
  }
  const key = sameKey[event.key] ?? event.key;
  if (key.length === 1 && key !== " " && press(key, event.repeat)) event.preventDefault();
});

// ---- the list of keys ----

const labelOf = element => element.dataset.mcKeyLabel ?? element.getAttribute("aria-label") ?? element.textContent.trim();

function keysCell(keys) {
  const cell = document.createElement("th");
  cell.scope = "row";
  cell.className = "mc-keys__key";
  for (const key of keys.split(" ")) cell.append(Object.assign(document.createElement("kbd"), { textContent: key }), " ");
  return cell;
}

function keysRow(keys, label) {
  const row = document.createElement("tr");
  row.append(keysCell(keys), Object.assign(document.createElement("td"), { textContent: label }));
  return row;
}

function listKeys() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-mc-key]"))
    if (element.tagName === "OPTION" || isReachable(element))
      found.set(element.dataset.mcKey, found.get(element.dataset.mcKey) ?? labelOf(element));
  for (const element of document.querySelectorAll("[data-mc-legend]")) found.set(element.dataset.mcLegend, labelOf(element));
  found.delete("?");
  dialog.querySelector("[data-mc-keys-page]").replaceChildren(...[...found].map(([keys, label]) => keysRow(keys, label)));
  for (const group of dialog.querySelectorAll("[data-mc-keys-for]")) group.hidden = !document.querySelector(group.dataset.mcKeysFor);
}

function begin() {
  const opener = document.querySelector("[data-mc-keys-open]");
  const on = dialog.querySelector("[data-mc-keys-switch]");
  opener.hidden = false;
  opener.addEventListener("click", () => { listKeys(); on.checked = isOn(); dialog.showModal(); });
  on.addEventListener("change", () => localStorage.setItem("mc-keys", on.checked ? "on" : "off"));
  document.addEventListener("focusin", event => {
    const row = event.target.closest("[data-mc-list] [data-mc-row]");
    if (row && row !== current) setCurrent(row);
  });
  document.addEventListener("mc-rows", () => { if (isOn()) findCurrent(); });
  if (isOn()) findCurrent();
  const asked = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (asked?.tagName === "DETAILS") open(asked);
  else if (asked?.matches(".mc-act--link")) focusFirst(asked);
}

begin();
