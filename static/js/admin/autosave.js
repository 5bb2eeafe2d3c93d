/* Autosave of the post form: every 20 seconds, and when the page is left, it is stored as an
   unsaved draft. What does not reach the server stays in this browser until it does. It listens
   to the form only, whatever edits its text. */
'use strict';

addEventListener('DOMContentLoaded', () => {
  const words = document.getElementById('autosave');
  const form = words?.closest('form');
  if (!form) return;
  const says = document.getElementById('autosave-says');
  const explains = document.getElementById('autosave-trouble');
  const address = words.dataset.address;
  const token = () => form.elements.form_token.value;
  const PREFIX = 'hearth-desk:';
  const FIRST = 3000;
  const EVERY = 20000;
  // The limit of browsers for a keepalive request.
  const MOST_ON_LEAVING = 60000;
  const NOT_KEPT = ['csrfmiddlewaretoken'];

  // The bar has room for a few words; what went wrong is explained below it.
  const say = (text, trouble = false) => {
    says.textContent = trouble ? words.dataset.unsaved : text;
    explains.textContent = trouble ? text : '';
    says.classList.toggle('trouble', trouble);
  };
  const clock = (moment) => {
    const today = new Date(moment).toDateString() === new Date().toDateString();
    const style = { timeStyle: 'short', hourCycle: 'h23', dateStyle: today ? undefined : 'medium' };
    return new Intl.DateTimeFormat(document.documentElement.lang, style).format(moment);
  };
  const typed = () =>
    [...new FormData(form)].filter(
      ([name, value]) => typeof value === 'string' && !NOT_KEPT.includes(name),
    );
  const body = (fields) => {
    const data = new FormData();
    for (const [name, value] of fields) data.append(name, value);
    data.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
    return data;
  };

  // -- this browser ------------------------------------------------------------------------

  const local = {
    put(fields) {
      try {
        const draft = { at: Date.now(), address, fields };
        localStorage.setItem(PREFIX + token(), JSON.stringify(draft));
        return true;
      } catch {
        return false;
      }
    },
    drop(name = token()) {
      try {
        localStorage.removeItem(PREFIX + name);
      } catch {
        // Storage is forbidden: nothing is kept.
      }
    },
    others() {
      try {
        return Object.keys(localStorage)
          .filter((key) => key.startsWith(PREFIX) && key !== PREFIX + token())
          .map((key) => [key.slice(PREFIX.length), JSON.parse(localStorage.getItem(key))])
          .filter(([, draft]) => draft.address === address);
      } catch {
        return [];
      }
    },
  };

  // -- the blog ----------------------------------------------------------------------------

  let kept = JSON.stringify(typed());
  let sending = false;
  let submitted = false;
  let soon = 0;

  const send = (fields, more = {}) =>
    fetch(address, { method: 'POST', body: body(fields), redirect: 'manual', ...more });

  // After signing in again the form's CSRF token is outdated.
  const fetchKey = async () => {
    const answer = await fetch(address, { redirect: 'manual' });
    const key = answer.headers.get('X-Desk-Key');
    if (key) {
      for (const field of document.querySelectorAll('[name=csrfmiddlewaretoken]')) field.value = key;
    }
    return answer;
  };

  const sent = async (fields) => {
    const answer = await send(fields);
    if (answer.status !== 403) return answer;
    const asked = await fetchKey();
    return asked.ok ? send(fields) : asked;
  };

  const trouble = (fields, reason) =>
    say(local.put(fields) ? words.dataset[reason] : words.dataset.nowhere, true);

  const show = (answer) => {
    const line = (text) => Object.assign(document.createElement('li'), { textContent: text });
    document.getElementById('autosave-told').replaceChildren(...answer.told.map(line));
    const where = document.querySelector('.desk-address');
    if (where) where.hidden = !answer.address;
    if (where) where.lastElementChild.textContent = answer.address;
    const hints = document.getElementById('desk-to-look-at');
    if (!hints || !answer.to_look_at) return;
    hints.querySelector('ul').replaceChildren(...answer.to_look_at.map(line));
    hints.hidden = !answer.to_look_at.length;
  };

  const save = async () => {
    const fields = typed();
    const now = JSON.stringify(fields);
    if (sending || submitted || now === kept) return;
    sending = true;
    const before = says.textContent;
    says.textContent = words.dataset.saving;
    try {
      const answer = await sent(fields);
      if (answer.ok) {
        const said = await answer.json();
        kept = now;
        if (JSON.stringify(typed()) === kept) local.drop();
        say(said.at ? words.dataset.kept.replace('{time}', said.at) : before);
        show(said);
      } else if (answer.status === 413) {
        const { told } = await answer.json().catch(() => ({ told: [words.dataset.refused] }));
        say(told[0], true);
        local.put(fields);
      } else {
        trouble(fields, answer.type === 'opaqueredirect' ? 'signedOut' : 'refused');
      }
    } catch {
      trouble(fields, 'offline');
    } finally {
      sending = false;
    }
  };

  const leave = () => {
    const fields = typed();
    if (submitted || JSON.stringify(fields) === kept) return;
    local.put(fields);
    const small = new Blob([JSON.stringify(fields)]).size < MOST_ON_LEAVING;
    send(fields, { keepalive: small }).catch(() => {});
  };

  form.addEventListener('input', () => {
    clearTimeout(soon);
    soon = setTimeout(() => local.put(typed()), 500);
  });
  // The first change at once, so that a second tab learns of this one.
  form.addEventListener('input', () => setTimeout(save, FIRST), { once: true });
  setInterval(save, EVERY);
  // The panel "Publish" shows the address and the hints of what is typed by now.
  form.querySelector('.desk-publish')?.addEventListener('toggle', save);
  form.addEventListener('submit', ({ submitter }) => {
    if (submitter?.hasAttribute('data-leaves-nothing')) return;
    // It stays here until a later page learns from the server that it was saved.
    clearTimeout(soon);
    if (JSON.stringify(typed()) !== kept) local.put(typed());
    submitted = true;
  });
  document.addEventListener('visibilitychange', () => document.hidden && leave());
  addEventListener('pagehide', leave);
  // Coming back to a submitted page starts a new draft: what is typed now was not saved.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    submitted = false;
    form.elements.form_token.value = crypto.randomUUID().replaceAll('-', '');
    holdOn();
  });

  // -- what an earlier page left in this browser ---------------------------------------------

  const offer = (line, ...buttons) => {
    const box = document.createElement('div');
    box.className = 'desk-draft';
    const told = Object.assign(document.createElement('p'), { textContent: line });
    const made = buttons.flatMap(([textContent, act]) => {
      const button = Object.assign(document.createElement('button'), { type: 'button', textContent });
      button.className = 'button';
      button.addEventListener('click', () => act(box));
      return [button, ' '];
    });
    box.append(told, ...made);
    document.querySelector('.desk-told').append(box);
  };

  const open = (where) => {
    submitted = true;
    location.assign(where);
  };

  const offerOwn = (name, draft) => {
    const back = async () => {
      try {
        const answer = await sent(draft.fields);
        if (!answer.ok) throw answer;
        const kept = await answer.json();
        local.drop(name);
        open(kept.open);
      } catch {
        say(words.dataset.offline, true);
      }
    };
    const gone = (box) => {
      local.drop(name);
      box.remove();
    };
    const line = words.dataset.found.replace('{time}', clock(draft.at));
    offer(line, [words.dataset.back, back], [words.dataset.gone, gone]);
  };

  // A draft sent on leaving may arrive after the next page was rendered.
  const offerLate = (where, draft) => {
    const address = new URL(where, location.href);
    const links = [...document.querySelectorAll('.desk-draft a')].map(({ href }) => href);
    if ([location.href, ...links].includes(address.href)) return;
    offer(words.dataset.late.replace('{time}', clock(draft.at)), [words.dataset.back, () => open(where)]);
  };

  // By this lock other tabs know that this one is open and handles its own draft.
  const holdOn = () => navigator.locks?.request(PREFIX + token(), () => new Promise(() => {}));

  const there = (fields, known) =>
    known.saved || (known.words && Object.entries(known.words).every(([name, value]) =>
      value === (fields.find(([each]) => each === name)?.[1] ?? '')));

  const look = async () => {
    const alive = (await navigator.locks?.query())?.held?.map((lock) => lock.name) ?? [];
    for (const [name, draft] of local.others()) {
      if (alive.includes(PREFIX + name)) continue; // an open tab handles it
      try {
        const answer = await fetch(`${address}?form=${encodeURIComponent(name)}`, { redirect: 'manual' });
        const known = await answer.json();
        if (!there(draft.fields, known)) {
          offerOwn(name, draft);
          continue;
        }
        local.drop(name);
        if (!known.saved) offerLate(known.open, draft);
      } catch {
        offerOwn(name, draft);
      }
    }
  };

  holdOn();
  look();
});
