/* The post form while somebody writes: the title grows and leads into the text, Ctrl+S saves, and the
   folded groups stay as they were left. */
'use strict';

addEventListener('DOMContentLoaded', () => {
  const form = document.getElementById('post_form');
  const title = document.getElementById('id_title');
  if (!form) return;
  // The editor's text, or the field of the HTML view, while that is what can be seen.
  const text = () =>
    form.querySelector('.desk-editor:not(.is-html) .desk-text') ?? document.getElementById('id_body');
  const PLACE = 'hearth-desk-place';
  const GROUPS = 'hearth-desk-groups';

  const stored = (storage, key, empty) => {
    try {
      return JSON.parse(storage.getItem(key)) ?? empty;
    } catch {
      return empty;
    }
  };
  const store = (storage, key, value) => {
    try {
      storage.setItem(key, JSON.stringify(value));
    } catch {
      // Storage is forbidden: nothing is remembered.
    }
  };

  // -- the title ---------------------------------------------------------------------------

  const grow = () => {
    if (CSS.supports('field-sizing', 'content')) return;
    title.rows = 1;
    while (title.scrollHeight > title.clientHeight && title.rows < 9) title.rows += 1;
  };
  const isAtEnd = () => title.selectionStart === title.value.length;

  title?.addEventListener('input', grow);
  title?.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const leads = ['Enter', 'Tab'].includes(event.key) || (event.key === 'ArrowDown' && isAtEnd());
    if (!leads) return;
    event.preventDefault();
    text().focus();
  });

  // -- saving ------------------------------------------------------------------------------

  addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    const save = form.querySelector('[name=_save]');
    if (!save || document.querySelector('dialog[open]')) return;
    store(sessionStorage, PLACE, { page: location.pathname, top: scrollY, at: place?.() ?? null });
    form.requestSubmit(save);
  });
  // Enter in a field of one line would save, and change a public post.
  form.addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (key === 'Enter' && target.matches('input:not([type=submit])')) event.preventDefault();
  });

  // After Ctrl+S the page and the cursor are where they were.
  let place = null;
  form.addEventListener('desk:ready', ({ detail: { editor } }) => {
    place = () => (editor.isFocused ? editor.state.selection.from : null);
    const before = stored(sessionStorage, PLACE, null);
    sessionStorage.removeItem(PLACE);
    if (!before || (before.page !== location.pathname && !before.page.endsWith('/add/'))) return;
    if (before.at !== null) editor.commands.focus(Math.min(before.at, editor.state.doc.content.size));
    scrollTo(0, before.top);
  });

  // -- the panel and the groups --------------------------------------------------------------

  const panel = form.querySelector('.desk-publish');
  const shut = () => {
    if (!panel?.open) return;
    panel.open = false;
    panel.querySelector('summary').focus();
  };
  addEventListener('keydown', ({ key }) => key === 'Escape' && shut());
  document.addEventListener('click', ({ target }) => {
    if (panel?.open && !panel.contains(target)) panel.open = false;
  });

  for (const group of form.querySelectorAll('[data-remember]')) {
    const { remember } = group.dataset;
    if (stored(localStorage, GROUPS, []).includes(remember)) group.open = true;
    group.addEventListener('toggle', () => {
      const others = stored(localStorage, GROUPS, []).filter((each) => each !== remember);
      store(localStorage, GROUPS, group.open ? [...others, remember] : others);
    });
  }

  if (title) grow();
  const wrong = form.querySelector('[autofocus]');
  if (wrong) wrong.focus();
  else if (title && !title.value) title.focus();
});
