// The post editor. Each part is a module of its own and shares its functions on `window.desk`.
// The library beneath is ProseMirror, as django-prose-editor brings it.

// make("button", { type: "button", onclick: f }, "Words") returns an element.
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
};

// Inline styles and handlers violate the content security policy, which reports them even where
// they have no effect. So style attributes are read under another name.
const harmless = (html) =>
  html
    .replace(/<style\b[^]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) =>
      tag.replace(/(?<=["'\s/])(style|on[a-z]+)(?=\s*=)/gi, (name) => `data-${name.toLowerCase()}`),
    );

const parsed = (html) => new DOMParser().parseFromString(harmless(html), "text/html").body;

const button = (words, act, attributes = {}) =>
  make("button", { type: "button", class: "desk-button", onclick: act, ...attributes }, words);

window.desk = { make, harmless, parsed, button };
