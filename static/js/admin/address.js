/* The whole address of a post beside its buttons, while somebody types. */
'use strict';

addEventListener('DOMContentLoaded', () => {
  const line = document.querySelector('.desk-address');
  const form = line?.closest('form');
  if (!form) return;
  const { title, slug, kind } = form.elements;
  const MOST = 200;
  const show = () => {
    const made = URLify(slug?.value || title.value, MOST);
    line.hidden = !made;
    line.lastElementChild.textContent = line.dataset[kind?.value ?? 'post'].replace('-slug-', made);
  };
  // A public post keeps its address, whatever its title.
  const follows = () => !line.hasAttribute('data-stays') || slug?.value;
  for (const field of [title, slug, kind]) {
    field?.addEventListener('input', () => follows() && show());
  }
});
