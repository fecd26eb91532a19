// Suggestions while somebody types what they are looking for. Without this file the form is sent as it is and the list page
// answers; with it the same search, asked early, shows its first results below the field (a combobox by ARIA's pattern).
const LEAST = 2, MOST = 6, PAUSE_MS = 120;

function suggest(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let asked = "", timer, chosen = -1, visit;
  list.id = `${input.id}-suggestions`;
  list.className = "mc-portal-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.mcSuggestLabel);
  list.hidden = true;
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })
    .forEach(([name, value]) => input.setAttribute(name, value));
  input.after(list);
  form.append(said);

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = n => {
    const options = [...list.children];
    if (options.length === 0) return;
    chosen = (n + options.length + 1) % (options.length + 1);
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < options.length) input.setAttribute("aria-activedescendant", options[chosen].id);
    else input.removeAttribute("aria-activedescendant");
    options[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const show = items => {
    list.replaceChildren(...items.map((item, i) => {
      const option = document.createElement("li"), name = document.createElement("span"), facts = document.createElement("span");
      option.id = `${list.id}-${i}`;
      option.className = "mc-portal-suggestions__item";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.href = `/thu-tuc/${encodeURIComponent(item.code)}`;
      name.lang = facts.lang = "vi";
      name.textContent = item.name;
      facts.className = "mc-portal-suggestions__facts";
      facts.textContent = `${item.code} · ${item.field}`;
      option.append(name, facts);
      return option;
    }));
    chosen = items.length;
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    input.removeAttribute("aria-activedescendant");
    said.textContent = form.dataset.mcSuggestCount.replace("{0}", items.length);
  };
  const ask = async () => {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    visit?.abort();
    if (words.length < LEAST) return close();
    visit = new AbortController();
    try {
      const answer = await fetch(`/api/v1/procedures?limit=${MOST}&q=${encodeURIComponent(words)}`, { signal: visit.signal });
      if (answer.ok && words === input.value.trim()) show((await answer.json()).items);
    } catch {
      close(); // typed on, or no network: the form still works
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", event => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && list.children[chosen]) location.assign(list.children[chosen].dataset.href);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", event => event.preventDefault());
  list.addEventListener("click", event => {
    const option = event.target.closest("[data-href]");
    if (option) location.assign(option.dataset.href);
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll("[data-mc-portal]").forEach(suggest);
