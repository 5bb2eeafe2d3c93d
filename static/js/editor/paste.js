// Cleans pasted content from word processors and other pages: structure and text, no styling.
const { make, parsed } = window.desk;

const GONE =
  "script, style, meta, link, title, xml, o\\:p, iframe, object, svg, input, button, noscript";
const KEPT = { a: ["href"], img: ["src", "alt"], td: ["colspan", "rowspan"], ol: ["start"] };
KEPT.th = KEPT.td;
// Elements that begin a line of their own; of these, the schema knows the first ones.
const KNOWN_BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, blockquote, pre, hr, table, figure";
const BLOCKS = `${KNOWN_BLOCKS}, li, thead, tbody, tfoot, tr, td, th, address, article, aside,
  caption, center, dd, details, dialog, dir, div, dl, dt, fieldset, figcaption, footer, form,
  header, hgroup, legend, listing, main, menu, nav, optgroup, option, search, section, summary,
  xmp`;
const KNOWN_INLINE = `a, abbr, b, br, cite, code, col, colgroup, del, dfn, em, i, img, ins, kbd, li,
  mark, q, s, samp, small, span, strong, sub, sup, tbody, td, tfoot, th, thead, time, tr, u, var,
  figcaption`;
const BLOCK_STYLE = /(?:^|;)\s*display:\s*(?:block|flex|grid|list-item|flow-root|table)/i;
const PRESERVED = /(?:^|;)\s*white-space(?:-collapse)?:\s*(?:pre|break-spaces)/i;
const BULLET = /^[^\p{L}\p{N}]*$|^o$/u;

// The inline style of an element; see `harmless`.
const looks = (element) => element.dataset.style ?? "";
const BOLD = /(?:^|;)\s*font-weight:\s*(?:bold|[6-9]00)/i;
const SLANTED = /(?:^|;)\s*font-style:\s*italic/i;
const STRUCK = /(?:^|;)\s*text-decoration(?:-line)?:[^;]*line-through/i;
const UNDERLINED = /(?:^|;)\s*text-decoration(?:-line)?:[^;]*underline/i;
const LOWERED = /(?:^|;)\s*vertical-align:\s*sub/i;
const RAISED = /(?:^|;)\s*vertical-align:\s*super/i;
const LIGHT = /(?:^|;)\s*font-weight:\s*(?:normal|400)/i;
const UPRIGHT = /(?:^|;)\s*font-style:\s*normal/i;

const unwrap = (element) => element.replaceWith(...element.childNodes);

const rename = (element, tag) => {
  const other = make(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
  return other;
};

const wrapped = (tag, element) => make(tag, {}, ...element.childNodes);

// Word writes lists as paragraphs with their bullet as text and their level in a style.
const listItem = (paragraph) => {
  const level = /mso-list:[^;]*level(\d)/i.exec(looks(paragraph));
  if (!level) return null;
  const sign = [...paragraph.querySelectorAll("span")].find((span) =>
    /mso-list:\s*Ignore/i.test(looks(span)),
  );
  const tag = sign && !BULLET.test(sign.textContent.replace(/[\s.)]/g, "")) ? "ol" : "ul";
  sign?.remove();
  return { level: Number(level[1]), tag };
};

const makeLists = (body) => {
  let open = [];
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const found = listItem(paragraph);
    const above = paragraph.previousElementSibling;
    if (!found || above !== open[0]?.list) open = [];
    if (!found) continue;
    open = open.filter((each) => each.level <= found.level);
    let last = open.at(-1);
    if (!last || last.level < found.level || last.list.localName !== found.tag) {
      const list = make(found.tag);
      if (last && last.level < found.level) last.list.lastElementChild.append(list);
      else paragraph.before(list);
      if (last?.level === found.level) open = [];
      open.push((last = { list, level: found.level }));
    }
    const item = make("li");
    item.append(...paragraph.childNodes);
    last.list.append(item);
    paragraph.remove();
  }
};

// What a style means, the outermost first. Links are underlined anyway.
const MEANINGS = [
  ["strong", BOLD],
  ["em", SLANTED],
  ["s", STRUCK],
  ["u", UNDERLINED],
  ["sub", LOWERED],
  ["sup", RAISED],
];

// Styling with a meaning: bold, italic, struck, underlined, raised and lowered spans. Google Docs wraps everything in a <b> that is not.
const readStyles = (body) => {
  for (const element of body.querySelectorAll("b, i, strong, em")) {
    const plain = element.matches("b, strong") ? LIGHT : UPRIGHT;
    if (plain.test(looks(element))) unwrap(element);
  }
  for (const element of body.querySelectorAll("span")) {
    const inLink = element.closest("a") || element.querySelector("a");
    const found = MEANINGS.filter(([tag, look]) => look.test(looks(element)) && !(inLink && tag === "u"));
    const [outer, ...others] = found.map(([tag]) => tag);
    for (const tag of others.reverse()) element.replaceChildren(wrapped(tag, element));
    if (outer) rename(element, outer);
  }
};

// The post's title is its first heading, so headings of a document are moved one level down.
const lowerHeadings = (body) => {
  const by = body.querySelector("h1") ? 1 : 0;
  for (const heading of body.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const level = Math.min(4, Number(heading.localName[1]) + by);
    for (const strong of heading.querySelectorAll("strong, b")) unwrap(strong);
    if (heading.localName !== `h${level}`) rename(heading, `h${level}`);
  }
};

const dropAttributes = (body) => {
  for (const element of body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      if (!KEPT[element.localName]?.includes(name)) element.removeAttribute(name);
    }
  }
};

// What lies outside of a table has to be inside one, or the parser drops the cells' tags.
const CELLS = /<(?:caption|colgroup|thead|tbody|tfoot|tr|td|th)\b[^]*/i;
const withTable = (html) =>
  /<table\b/i.test(html) ? html : html.replace(CELLS, "<table>$&</table>");

// Lines that only a style makes: a block that is no block element, a line break in the text.
const readLines = (body) => {
  for (const element of body.querySelectorAll("[data-style]")) {
    if (!BLOCK_STYLE.test(looks(element)) || element.matches(`${BLOCKS}, br`)) continue;
    const line = make("div");
    element.before(line);
    line.append(element);
  }
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const styled = text.parentElement.closest('pre, [data-style*="white-space"]');
    if (!text.data.includes("\n") || !styled || !PRESERVED.test(looks(styled))) continue;
    const lines = text.data.split(/\r?\n/);
    text.replaceWith(...lines.flatMap((line, index) => (index ? [make("br"), line] : [line])));
  }
};

const isText = (node) => node.nodeType === Node.TEXT_NODE;
const isBreak = (node) => node.localName === "br";
const isBlank = (node) => isBreak(node) || (isText(node) && !node.data.trim());

// Yields the inline nodes and the blocks that the editor knows (`kept`); null where a line ends.
function* leaves(nodes, kept) {
  for (const node of nodes) {
    const isElement = node.nodeType === Node.ELEMENT_NODE;
    if (isElement && kept && node.matches(kept)) yield node;
    else if (isElement && node.matches(BLOCKS)) {
      yield null;
      yield* leaves([...node.childNodes], kept);
      yield null;
    } else if (isElement && node.querySelector(BLOCKS)) {
      // A link or bold around several lines is around each of them.
      for (const leaf of leaves([...node.childNodes], kept)) {
        if (!leaf || isBlank(leaf)) yield leaf;
        else {
          const around = node.cloneNode(false);
          leaf.before?.(around);
          around.append(leaf);
          yield around;
        }
      }
    } else yield node;
  }
}

const trimmed = (line) => {
  const from = line.findIndex((node) => !isBlank(node));
  return from < 0 ? [] : line.slice(from, line.findLastIndex((node) => !isBlank(node)) + 1);
};

// Returns the blocks, and the lines between them as lists of nodes. An empty line parts two lines.
const linesOf = (holder, kept) => {
  const found = [];
  let line = [];
  let breaks = 0;
  const end = () => {
    if (trimmed(line).length) found.push(trimmed(line));
    line = [];
    breaks = 0;
  };
  for (const node of leaves([...holder.childNodes], kept)) {
    if (!node) end();
    else if (kept && (node.matches?.(kept) || node.querySelector?.(kept))) {
      end();
      found.push(node);
    } else {
      breaks = isBreak(node) ? breaks + 1 : breaks * isBlank(node);
      line.push(node);
      if (breaks > 1) end();
    }
  }
  end();
  return found;
};

// Makes every line of the clipboard a line of the text, whatever elements made it one. The schema
// knows few of them, and what it does not know would join with its neighbours.
const separate = (body) => {
  for (const element of body.querySelectorAll("span, font")) unwrap(element);
  for (const list of body.querySelectorAll("menu, dir")) rename(list, "ul");
  for (const struck of body.querySelectorAll("strike")) rename(struck, "s");
  for (const code of body.querySelectorAll("listing, xmp")) rename(code, "pre");
  for (const caption of body.querySelectorAll("table > caption")) caption.closest("table").before(caption);
  for (const figure of body.querySelectorAll("figure")) {
    if (!figure.querySelector("img")) rename(figure, "div");
  }
  for (const code of body.querySelectorAll("pre")) {
    for (const line of code.querySelectorAll("br")) line.replaceWith("\n");
    if (!code.querySelector(BLOCKS)) continue;
    code.replaceChildren(...linesOf(code, null).flatMap((line, at) => (at ? ["\n", ...line] : line)));
  }
  for (const list of body.querySelectorAll("ul, ol")) {
    for (const child of [...list.childNodes]) {
      if (isBlank(child) || child.matches?.("li, ul, ol")) continue;
      const item = make("li");
      child.before(item);
      item.append(child);
    }
  }
  for (const item of body.querySelectorAll("li")) {
    if (item.parentElement.matches("ul, ol")) continue;
    const list = make("ul");
    item.before(list);
    while (list.nextSibling && (isBlank(list.nextSibling) || list.nextSibling.localName === "li")) {
      list.append(list.nextSibling);
    }
  }
  for (const text of body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, figure figcaption")) {
    if (!text.querySelector(BLOCKS)) continue;
    const lines = linesOf(text, null);
    text.replaceChildren(...lines.flatMap((line, index) => (index ? [make("br"), ...line] : line)));
  }
  for (const holder of [...[...body.querySelectorAll("blockquote, li, td, th")].reverse(), body]) {
    const lines = linesOf(holder, KNOWN_BLOCKS);
    const alone = lines.length === 1 && Array.isArray(lines[0]);
    const blocks = lines.map((line) => (Array.isArray(line) ? make("p", {}, ...line) : line));
    holder.replaceChildren(...(alone ? lines[0] : blocks));
  }
};

// French keeps its narrow spaces before : ; ? ! and inside quotes; all others are styling.
const plainSpaces = (body) => {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.COMMENT_NODE) comments.push(node);
    else if (!node.parentElement.closest("pre")) {
      node.data = node.data.replace(/(?<!«)\u00a0(?![:;?!»])/g, " ").replace(/[ \t\r\n]+/g, " ");
    }
  }
  for (const comment of comments) comment.remove();
};

const dropEmpty = (body) => {
  for (const element of body.querySelectorAll("strong, em, b, i, a")) {
    if (!element.textContent.trim() && !element.querySelector("img, hr")) unwrap(element);
  }
  for (const element of body.querySelectorAll("p, h2, h3, h4, li")) {
    if (!element.textContent.trim() && !element.querySelector("img, hr")) element.remove();
  }
};

// Whether it comes from an editor like ours, which needs no cleaning.
const OURS = `${KNOWN_BLOCKS}, ${KNOWN_INLINE}`;
const isOurs = (html) =>
  html.includes("data-pm-slice") &&
  [...parsed(html).querySelectorAll("*")].every((each) => each.matches(OURS));

// Returns { html, leftOut }: the cleaned HTML, and whether pictures were dropped.
window.desk.pasted = (html) => {
  if (isOurs(html)) return { html, leftOut: false };
  const body = parsed(withTable(html));
  let leftOut = false;
  for (const element of body.querySelectorAll(GONE)) element.remove();
  for (const picture of body.querySelectorAll("img")) {
    if (/^\/(?!\/)/.test(picture.getAttribute("src") ?? "")) continue;
    leftOut = true;
    picture.remove();
  }
  makeLists(body);
  readLines(body);
  readStyles(body);
  lowerHeadings(body);
  plainSpaces(body);
  separate(body);
  dropAttributes(body);
  dropEmpty(body);
  return { html: body.innerHTML, leftOut };
};
