/* Focuses the title of a new post: Django focuses the page's first button. */
'use strict';

addEventListener('load', () => {
  const title = document.getElementById('id_title');
  if (title && !title.value) title.focus();
});
