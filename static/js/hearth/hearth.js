// What the parts of our script share: window.hearth. Every page works without all of it.

// A region whose text is read aloud when it changes.
const region = document.createElement("div");
region.id = "announcements";
region.className = "visually-hidden";
region.setAttribute("aria-live", "polite");
document.body.append(region);

// Say a sentence to those who listen to the page. An equal one is said again.
const say = (text) => {
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
};

// What is kept on this device, under keys that begin with "hearth."; nothing where that is
// forbidden. keep(key, null) forgets.
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

window.hearth = { say, kept, keep };
