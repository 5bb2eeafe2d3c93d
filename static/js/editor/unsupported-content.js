// Detects content that the editor would lose, by comparing elements before and after loading it.
const { parsed } = window.desk;

// These may change without loss; the server sets the sizes of pictures again.
const WITHOUT_WEIGHT = new Set(["p", "tbody", "thead", "tfoot", "picture", "source", "br", "body"]);
const SAME = { b: "strong", i: "em", del: "s" };
const KEPT = ["href", "src", "alt", "title", "lang", "dir", "cite", "datetime", "start", "value"];
KEPT.push("reversed", "open", "hreflang", "scope");

const signature = (html) => {
  const counts = new Map();
  for (const element of parsed(html).querySelectorAll("*")) {
    const tag = element.localName;
    if (WITHOUT_WEIGHT.has(tag) && !element.hasAttribute("lang") && !element.hasAttribute("dir")) {
      continue;
    }
    const said = KEPT.filter((name) => element.hasAttribute(name)).map(
      (name) => `${name}=${element.getAttribute(name)}`,
    );
    for (const name of ["colspan", "rowspan"]) {
      if (element.getAttribute(name) > 1) said.push(`${name}=${element.getAttribute(name)}`);
    }
    const key = [SAME[tag] ?? tag, ...said].join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

const words = (html) => parsed(html.replace(/<(?=\/?(p|li|td|th|h\d|br)\b)/g, " <")).textContent;
const bare = (html) => words(html).replace(/\s+/g, "");

// Returns the names of the elements that are missing in `after`; "" stands for text.
window.desk.lost = (before, after) => {
  const left = signature(after);
  const lost = new Set();
  for (const [key, count] of signature(before)) {
    if ((left.get(key) ?? 0) < count) lost.add(key.split(" ")[0]);
  }
  if (bare(before) !== bare(after)) lost.add("");
  return lost;
};
