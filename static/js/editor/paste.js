// Cleans pasted content from word processors and other pages: structure and text, no styling.
const { make, parsed } = window.desk;

const GONE = "script, style, meta, link, title, xml, o\\:p, iframe, object, svg, input, button";
const KEPT = { a: ["href"], img: ["src", "alt"], td: ["colspan", "rowspan"], ol: ["start"] };
KEPT.th = KEPT.td;
const BULLET = /^[^\p{L}\p{N}]*$|^o$/u;

// The inline style of an element; see `harmless`.
const looks = (element) => element.dataset.style ?? "";
const BOLD = /(?:^|;)\s*font-weight:\s*(?:bold|[6-9]00)/i;
const SLANTED = /(?:^|;)\s*font-style:\s*italic/i;
const NORMAL = /(?:^|;)\s*font-(?:weight:\s*(?:normal|400)|style:\s*normal)/i;

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

// Styling with a meaning: bold and italic spans. Google Docs wraps everything in a <b> that is not.
const readStyles = (body) => {
  for (const element of body.querySelectorAll("b, i, strong, em")) {
    if (NORMAL.test(looks(element))) unwrap(element);
  }
  for (const element of body.querySelectorAll("span")) {
    const [bold, slanted] = [BOLD, SLANTED].map((look) => look.test(looks(element)));
    if (bold && slanted) element.replaceChildren(wrapped("em", element));
    if (bold || slanted) rename(element, bold ? "strong" : "em");
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
  for (const line of body.querySelectorAll(":scope > br")) line.remove();
  for (const element of body.querySelectorAll("p, h2, h3, h4, li, span, strong, em, b, i, a")) {
    if (!element.textContent.trim() && !element.querySelector("img, br, hr")) {
      if (element.textContent && element.matches("span, strong, em, b, i")) unwrap(element);
      else element.remove();
    }
  }
};

// Returns { html, leftOut }: the cleaned HTML, and whether pictures were dropped.
window.desk.pasted = (html) => {
  if (html.includes("data-pm-slice")) return { html, leftOut: false }; // from a ProseMirror
  const body = parsed(html);
  let leftOut = false;
  for (const element of body.querySelectorAll(GONE)) element.remove();
  for (const picture of body.querySelectorAll("img")) {
    if (/^\/(?!\/)/.test(picture.getAttribute("src") ?? "")) continue;
    leftOut = true;
    picture.remove();
  }
  makeLists(body);
  readStyles(body);
  lowerHeadings(body);
  plainSpaces(body);
  dropAttributes(body);
  dropEmpty(body);
  return { html: body.innerHTML, leftOut };
};
