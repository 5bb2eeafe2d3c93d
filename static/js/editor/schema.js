// The document schema; blog/markup.py allows all of its elements.

// Marks without a button, so that existing texts keep them.
const KEPT_MARKS = {
  abbr: ["title"],
  cite: [],
  del: ["cite", "datetime"],
  dfn: [],
  ins: ["cite", "datetime"],
  kbd: [],
  mark: [],
  q: ["cite"],
  samp: [],
  small: [],
  span: [],
  time: ["datetime"],
  var: [],
};
// Block attributes without a field, likewise.
const KEPT_ATTRIBUTES = [
  [["paragraph", "heading", "blockquote", "bulletList", "orderedList", "listItem"], ["lang", "dir"]],
  [["table", "tableCell", "tableHeader", "figure"], ["lang", "dir"]],
  [["blockquote"], ["cite", "class"]],
  [["figure"], ["class"]],
  [["orderedList"], ["reversed"]],
  [["listItem"], ["id", "value"]],
  [["tableHeader"], ["scope"]],
];

const kept = (names) => Object.fromEntries(names.map((name) => [name, { default: null }]));

const keptMark = (prose, [tag, names]) =>
  prose.Mark.create({
    name: `kept_${tag}`,
    priority: 150, // around the marks that have a button
    code: tag === "kbd" || tag === "samp", // stays as typed
    addAttributes: () => kept([...names, "lang", "dir"]),
    // A span without a language is only styling.
    parseHTML: () =>
      tag === "span" ? [{ tag: "span[lang]" }, { tag: "span[dir]" }] : [{ tag, priority: 60 }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });

const span = (name) => ({
  default: 1,
  parseHTML: (cell) => Number(cell.getAttribute(name)) || 1,
  renderHTML: (attrs) => (attrs[name] > 1 ? { [name]: attrs[name] } : {}),
});

const cell = (type) =>
  type.extend({
    addAttributes: () => ({
      colspan: span("colspan"),
      rowspan: span("rowspan"),
      colwidth: { default: null, rendered: false },
    }),
  });

const orderedList = (prose) =>
  prose.OrderedList.extend({
    addAttributes: () => ({
      start: {
        default: 1,
        parseHTML: (list) => Number(list.getAttribute("start") ?? 1),
        renderHTML: ({ start }) => (start === 1 ? {} : { start }),
      },
    }),
    addNodeView: () => null, // that of the library writes attributes without a value as "null"
    addInputRules() {
      return [
        prose.wrappingInputRule({
          find: /^(\d{1,3})\.\s$/,
          type: this.type,
          getAttributes: ([, number]) => ({ start: Number(number) }),
          joinPredicate: ([, number], list) => list.childCount + list.attrs.start === Number(number),
        }),
      ];
    },
  }).configure({ enableListAttributes: false });

const link = (prose) =>
  prose.Link.extend({
    addMenuItems: undefined,
    addAttributes: () => kept(["href", "title", "hreflang", "id"]),
    addKeyboardShortcuts: () => ({}),
  }).configure({
    openOnClick: false,
    autolink: true,
    defaultProtocol: "https",
    linkOnPaste: true,
    isAllowedUri: (address) => /^(https?|mailto|tel):|^[^:]*([/?#]|$)/i.test(address.trim()),
  });

window.desk.schema = (prose, config) => [
  prose.Document,
  prose.Paragraph,
  prose.Text,
  prose.HardBreak,
  prose.Heading.configure({ levels: [2, 3, 4, 5, 6] }),
  prose.Bold,
  prose.Italic,
  prose.Strike,
  prose.Underline,
  prose.Subscript,
  prose.Superscript,
  prose.Code.extend({ excludes: "" }), // so that a link or a key may be code, too
  prose.CodeBlock.configure({ languageClassPrefix: "language-" }),
  prose.Blockquote,
  prose.HorizontalRule,
  prose.BulletList,
  orderedList(prose),
  prose.ListItem,
  link(prose),
  prose.Table.extend({ addMenuItems: undefined, addNodeView: undefined }).configure({ resizable: false }),
  prose.TableRow,
  cell(prose.TableHeader),
  cell(prose.TableCell),
  prose.History,
  prose.Dropcursor,
  prose.Gapcursor,
  prose.TrailingNode,
  ...window.desk.figures(prose, config.words),
  window.desk.quotes(prose, config),
  ...Object.entries(KEPT_MARKS).map((each) => keptMark(prose, each)),
  prose.Extension.create({
    name: "keptAttributes",
    addGlobalAttributes: () =>
      KEPT_ATTRIBUTES.map(([types, names]) => ({ types, attributes: kept(names) })),
  }),
];

// A list item or a cell with one paragraph is serialized without the <p>, as one would by hand; the
// empty trailing paragraph is left out.
window.desk.written = (html) => {
  const body = window.desk.parsed(html);
  for (const holder of body.querySelectorAll("li, td, th")) {
    const [first, ...others] = holder.children;
    if (first?.localName !== "p" || first.attributes.length) continue;
    if (others.every((other) => /^[ou]l$/.test(other.localName))) first.replaceWith(...first.childNodes);
  }
  const last = body.lastElementChild;
  if (last?.localName === "p" && !last.childNodes.length) last.remove();
  return body.innerHTML;
};
