/* A new text begins with its title: Django puts the cursor on the first button of the page. */
'use strict';

addEventListener('load', () => {
  const title = document.getElementById('id_title');
  if (title && !title.value) title.focus();
});
