// Pages as an attacker reads them: every tag by the rules of HTML (quotes, comments, scripts), and every form with its fields as they
// are declared, so that hostile input is made from the pages themselves and no field is forgotten.

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
export const unescape = text => text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name) => entities[name]);

// [{name, attributes: {..}, isEnd, text: what stands before it}]
export function tags(html) {
  const found = [];
  let at = 0, text = '';
  while (at < html.length) {
    if (html.startsWith('<!--', at)) {
      at = html.indexOf('-->', at) + 3;
      if (at < 3) break;
      continue;
    }
    const head = /^<(\/?)([a-zA-Z][^\s/>]*)/.exec(html.slice(at, at + 80));
    if (!head) {
      const next = html.indexOf('<', at + 1), end = next < 0 ? html.length : next;
      text += html.slice(at, end);
      at = end;
      continue;
    }
    at += head[0].length;
    const attributes = {};
    for (let m; at < html.length && html[at] !== '>';) {
      const rest = html.slice(at, at + 20000);
      if ((m = /^[\s/]+/.exec(rest))) { at += m[0].length; continue; }
      m = /^([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/.exec(rest);
      if (!m) { at++; continue; }
      attributes[m[1].toLowerCase()] = unescape(m[2] ?? m[3] ?? m[4] ?? '');
      at += m[0].length;
    }
    at++;
    const name = head[2].toLowerCase();
    found.push({ name, attributes, isEnd: head[1] === '/', text });
    text = '';
    if (!head[1] && (name === 'script' || name === 'style' || name === 'textarea' || name === 'title')) {
      const end = html.toLowerCase().indexOf(`</${name}`, at);
      text = html.slice(at, end < 0 ? html.length : end);
      at = end < 0 ? html.length : end;
    }
  }
  return found;
}

// [{action, isMultipart, fields: [{name, type, value, most, options}]}] of all forms that are sent by POST.
export function forms(html) {
  const all = [];
  let form = null, select = null;
  for (const tag of tags(html)) {
    const a = tag.attributes;
    if (tag.name === 'form') form = tag.isEnd ? null : { action: a.action ?? '', isPost: /post/i.test(a.method ?? ''), isMultipart: /multipart/.test(a.enctype ?? ''), fields: [] };
    if (tag.name === 'form' && form?.isPost) all.push(form);
    const owner = form ?? (a.form ? all.at(-1) : null);
    if (!owner) continue;
    if (tag.name === 'textarea' && tag.isEnd) owner.fields.at(-1).value = unescape(tag.text.replace(/^\n/, ''));
    if (tag.isEnd) { if (tag.name === 'select') select = null; continue; }
    const most = a.maxlength ? Number(a.maxlength) : undefined;
    if (tag.name === 'textarea' && a.name) owner.fields.push({ name: a.name, type: 'textarea', value: '', most });
    if (tag.name === 'select' && a.name) owner.fields.push(select = { name: a.name, type: 'select', options: [], value: undefined });
    if (tag.name === 'option' && select) {
      select.options.push(a.value ?? '');
      if ('selected' in a || select.value === undefined) select.value = a.value ?? '';
    }
    if ((tag.name === 'input' || tag.name === 'button') && a.name) {
      const type = a.type ?? (tag.name === 'button' ? 'submit' : 'text');
      owner.fields.push({ name: a.name, type, most, value: a.value ?? '', isOn: 'checked' in a });
    }
  }
  return all;
}

// What a browser would send: the first button, what is ticked or chosen.
export function filled(form) {
  const sent = [];
  let hasButton = false;
  const radios = new Set();
  for (const f of form.fields) {
    if (f.type === 'file') continue;
    if (f.type === 'checkbox' && !f.isOn) continue;
    if (f.type === 'radio') {
      const isChosen = f.isOn || !form.fields.some(o => o.name === f.name && o.isOn);
      if (!isChosen || radios.has(f.name)) continue;
      radios.add(f.name);
    }
    if (f.type === 'submit') {
      if (hasButton) continue;
      hasButton = true;
    }
    sent.push([f.name, f.value ?? '']);
  }
  return sent;
}

// Everything in a page that could run, or lead away, with a marker in it: the page has been broken out of. What is wrong is told once, each mistake in words of its own.
export function broken(html, marker) {
  const wrong = [];
  let summaries = 0;
  for (const { name, attributes, isEnd, text } of tags(html)) {
    if (!isEnd && /\bgovuk-error-summary(\s|$)/.test(attributes.class ?? '') && summaries++ > 0) wrong.push('what is wrong, told twice');
    if (name.includes(marker)) wrong.push(`an element <${name}>`);
    if (isEnd && (name === 'script' || name === 'style') && text.includes(marker)) wrong.push(`inside a ${name}`);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.includes(marker)) wrong.push(`an attribute ${key} of <${name}>`);
      if (/^on/.test(key)) wrong.push(`a handler ${key} of <${name}>`);
      if (key === 'style' || key === 'srcdoc') wrong.push(`${key} of <${name}>`);
      if (/^(href|src|action|formaction|data|poster)$/.test(key) && /^\s*(javascript|data:text|vbscript)/i.test(value)) wrong.push(`${key}="${value.slice(0, 60)}"`);
      if (name === 'meta' && key === 'http-equiv' && /refresh/i.test(value) && attributes.content?.includes(marker)) wrong.push('a refresh');
    }
  }
  const lines = [...(/govuk-error-summary__list">([^]*?)<\/ul>/.exec(html)?.[1] ?? '').matchAll(/<li>([^]*?)<\/li>/g)].map(m => m[1].replace(/<[^>]*>/g, ''));
  for (const line of lines.filter((text, i) => lines.indexOf(text) !== i)) wrong.push(`two mistakes in the same words: ${line}`);
  return wrong;
}
