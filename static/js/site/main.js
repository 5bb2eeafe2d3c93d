// What the parts of our script share: window.hearth. Every page works without all of it.

// A region whose text is read aloud when it changes.
const region = document.createElement("div");
region.id = "announcements";
region.className = "visually-hidden";
region.setAttribute("aria-live", "polite");
document.body.append(region);

// say(text): tell those who listen to the page. An equal sentence is said again.
const say = (text) => {
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
};

// kept(key), keep(key, value): what stays on this device, under "hearth." and the key, as long
// as that is allowed. The value null forgets.
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

// forget(beginning): all keys that begin so.
const forget = (beginning) => {
  try {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of Object.keys(storage)) {
        if (key.startsWith(`hearth.${beginning}`)) storage.removeItem(key);
      }
    }
  } catch {
    // Nothing could be kept, so nothing is there.
  }
};

// each(selector, act): act on every such element, now and when htmx brings more.
const each = (selector, act) => {
  const look = (root) => {
    if (root.matches?.(selector)) act(root);
    root.querySelectorAll(selector).forEach(act);
  };
  look(document);
  document.addEventListener("htmx:load", ({ target }) => target !== document.body && look(target));
};

// What htmx brings may say what it is; an error takes the focus, and so does what a form became.
document.addEventListener("htmx:load", ({ target }) => {
  if (target === document.body) return;
  if (target.dataset.say) say(target.dataset.say);
  target.querySelector("[role][tabindex]")?.focus();
});

// Give the focus to what is no field and no link.
const focus = (element) => {
  if (!element) return;
  element.tabIndex = -1;
  element.focus();
};

const language = document.documentElement.lang || "en";

window.hearth = { say, kept, keep, forget, each, focus, language };

each("#forget", (form) => form.addEventListener("submit", () => forget("")));
