/* Slugs from titles, like slug_of in blog/permalinks.py: Django's own URLify drops the vowel signs
   of many scripts. */
'use strict';

window.URLify = (text, most) => {
  const slug = text
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .replace(/['’׳״\p{Cf}\p{Me}\p{Variation_Selector}]/gu, '')
    .replace(/[^\p{L}\p{N}\p{Mn}\p{Mc}_-]+/gu, '-')
    .replace(/(^|-)[\p{Mn}\p{Mc}]+/gu, '$1')
    .replace(/-+/g, '-');
  return [...slug].slice(0, most).join('').replace(/^[-_]+|[-_]+$/g, '');
};
