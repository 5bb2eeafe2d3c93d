// window.hearth, shared by the parts of our script. Every page works without scripts.

// A live region, read aloud by screen readers when it changes.
const region = document.createElement("div");
region.id = "announcements";
region.className = "visually-hidden";
region.setAttribute("aria-live", "polite");
document.body.append(region);

// say(text): announce a text to screen readers, also if it is the same as before.
const say = (text) => {
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
};

// kept(key), keep(key, value): read and write localStorage under "hearth." and the key, if allowed.
// The value null removes the entry.
const kept = (key) => {
  try {
    return JSON.parse(localStorage.getItem(`hearth.${key}`));
  } catch {
    return null;
  }
};
const keep = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(`hearth.${key}`);
    else localStorage.setItem(`hearth.${key}`, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: then nothing is kept.
  }
};

// forget(beginning): remove all keys with this prefix.
const forget = (beginning) => {
  try {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of Object.keys(storage)) {
        if (key.startsWith(`hearth.${beginning}`)) storage.removeItem(key);
      }
    }
  } catch {
    // Storage is forbidden: there is nothing to remove.
  }
};

// each(selector, act): call act for every matching element, now and when htmx loads more.
const each = (selector, act) => {
  const look = (root) => {
    if (root.matches?.(selector)) act(root);
    root.querySelectorAll(selector).forEach(act);
  };
  look(document);
  document.addEventListener("htmx:load", ({ target }) => target !== document.body && look(target));
};

// Content loaded by htmx may announce itself; an error takes the focus, and so does a form's result.
document.addEventListener("htmx:load", ({ target }) => {
  if (target === document.body) return;
  if (target.dataset.say) say(target.dataset.say);
  target.querySelector("[role][tabindex]")?.focus();
});

// Focus an element that is not focusable by itself.
const focus = (element) => {
  if (!element) return;
  element.tabIndex = -1;
  element.focus();
};

const language = document.documentElement.lang || "en";

window.hearth = { say, kept, keep, forget, each, focus, language };

each("#forget", (form) => form.addEventListener("submit", () => forget("")));
