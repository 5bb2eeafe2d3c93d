// Pictures in the text: a figure has one, perhaps linked, and a caption, which may be empty.
// An inline picture, as in imported posts, stays inline.
const { make, button } = window.desk;

const MEASURES = ["src", "alt", "title", "width", "height"];

const read = (img) =>
  Object.fromEntries(MEASURES.map((name) => [name, img.getAttribute(name)]));

// The picture of a figure of this shape, or null: other figures are left alone.
const only = (figure) => {
  const [img, ...others] = figure.querySelectorAll("img");
  const inside = [...figure.children].filter((child) => child.localName !== "figcaption");
  const alone = inside.length === 1 && !inside[0].textContent.trim();
  return img && !others.length && alone ? img : null;
};

const attributes = Object.fromEntries(
  [...MEASURES, "href"].map((name) => [name, { default: null, rendered: false }]),
);

const drawn = ({ href, ...picture }) =>
  href ? ["a", { href }, ["img", picture]] : ["img", picture];

const parts = (attrs) =>
  Object.fromEntries(Object.entries(attrs).filter(([name, value]) => name in attributes && value !== null));

// The line below a picture in the editor: whether it has an alt text, and a button to set it.
const about = (words, { alt }) => {
  if (alt === null) return words.describe;
  return alt ? words.described.replace("{text}", () => alt) : words.silent;
};

const view = (words) => ({ node, getPos, editor }) => {
  const img = make("img", { draggable: "true" });
  const describe = button("", () => {
    editor.commands.setNodeSelection(getPos());
    editor.storage.figure.describe(editor);
  });
  const remove = button(words.remove, () => {
    editor.chain().setNodeSelection(getPos()).deleteSelection().focus().run();
  });
  const tools = make("p", { class: "desk-figure-tools", contenteditable: "false" }, describe, remove);
  const contentDOM = make("figcaption", { "data-placeholder": words.caption });
  const dom = make("figure", {}, img, tools, contentDOM);
  const show = (shown) => {
    img.src = shown.attrs.src;
    img.alt = shown.attrs.alt ?? "";
    describe.textContent = about(words, shown.attrs);
    dom.classList.toggle("is-undescribed", shown.attrs.alt === null);
    contentDOM.classList.toggle("is-empty", !shown.content.size);
  };
  show(node);
  return {
    dom,
    contentDOM,
    update: (shown) => shown.type === node.type && (show(shown), true),
    ignoreMutation: ({ target, type }) => type !== "selection" && !contentDOM.contains(target),
    stopEvent: ({ target }) => tools.contains(target),
  };
};

window.desk.figures = (prose, words) => [
  prose.Node.create({
    name: "figure",
    group: "block",
    content: "inline*",
    draggable: true,
    isolating: true,
    addStorage: () => ({ describe: () => {} }),
    addAttributes: () => attributes,
    parseHTML: () => [
      {
        tag: "figure",
        getAttrs: (figure) => {
          const img = only(figure);
          return img ? { ...read(img), href: img.closest("a")?.getAttribute("href") ?? null } : false;
        },
        contentElement: (figure) => figure.querySelector("figcaption") ?? make("figcaption"),
      },
    ],
    renderHTML: ({ node }) => {
      const picture = drawn(parts(node.attrs));
      return node.content.size ? ["figure", picture, ["figcaption", 0]] : ["figure", picture];
    },
    addNodeView: () => view(words),
    addKeyboardShortcuts: () => ({
      // Enter in a caption continues below the picture.
      Enter: ({ editor }) => {
        const { $from } = editor.state.selection;
        if ($from.parent.type.name !== "figure") return false;
        const after = $from.after();
        return editor
          .chain()
          .insertContentAt(after, { type: "paragraph" })
          .setTextSelection(after + 1)
          .run();
      },
    }),
  }),
  prose.Node.create({
    name: "image",
    group: "inline",
    inline: true,
    draggable: true,
    addAttributes: () =>
      Object.fromEntries(MEASURES.map((name) => [name, { default: null, rendered: false }])),
    parseHTML: () => [{ tag: "img[src]", getAttrs: read }],
    renderHTML: ({ node }) => ["img", parts(node.attrs)],
  }),
];
