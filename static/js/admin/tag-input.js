/* Comma-separated tags: after each comma the browser suggests the known ones again. */
'use strict';

addEventListener('DOMContentLoaded', () => {
  const field = document.getElementById('id_tags');
  const list = document.getElementById('id_tags_known');
  if (!field || !list) return;
  const known = [...list.options].map((option) => option.value);
  const offer = () => {
    // All names that end with a comma; a comma in quotes is part of the name.
    const typed = field.value.match(/^(?:(?:[^,"]|"[^"]*")*,\s*)*/)[0].trim();
    const there = (typed.match(/(?:[^,"]|"[^"]*")+/g) ?? []).map((name) => name.trim().toLowerCase());
    const more = known.filter((name) => !there.includes(name.toLowerCase()));
    list.replaceChildren(
      ...more.map((name) => {
        const option = document.createElement('option');
        option.value = typed ? `${typed} ${name}` : name;
        return option;
      }),
    );
  };
  field.addEventListener('input', offer);
  offer();
});
