// The toolbar: buttons with text labels; arrow keys move between them.
const { make, button, dialog } = window.desk;

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
const shortcut = (keys) => (MAC ? keys.replace("Ctrl", "⌘").replace("Alt", "⌥") : keys);

const LEVELS = [2, 3, 4];

const askForTable = async (editor, words) => {
  const number = { type: "number", min: 1, max: 50, value: 3 };
  const fields = [
    { ...number, name: "rows", label: words.rows },
    { ...number, name: "cols", label: words.columns },
  ];
  const told = await dialog.ask(words, { title: words.table, fields, done: words.insert });
  if (!told) return;
  const [rows, cols] = [told.rows, told.cols].map((each) => Math.min(50, Math.max(1, Number(each) || 1)));
  editor.chain().focus().insertTable({ rows, cols, withHeaderRow: true }).run();
};

// [name, what it does, keys, the mark or node that shows it as pressed]
const tools = (editor, words, choosePicture) => {
  const run = (command, ...values) => () => editor.chain().focus()[command](...values).run();
  return [
    [
      ["bold", run("toggleBold"), "Ctrl+B", "bold"],
      ["italic", run("toggleItalic"), "Ctrl+I", "italic"],
      ["link", () => window.desk.askForLink(editor, words), "Ctrl+K", "link"],
    ],
    [
      ["bulletList", run("toggleBulletList"), "Ctrl+Shift+8", "bulletList"],
      ["orderedList", run("toggleOrderedList"), "Ctrl+Shift+7", "orderedList"],
      ["blockquote", run("toggleBlockquote"), "Ctrl+Shift+B", "blockquote"],
    ],
    [
      ["picture", choosePicture, "", ""],
      ["table", () => askForTable(editor, words), "", ""],
      ["rule", run("setHorizontalRule"), "", ""],
      ["code", run("toggleCode"), "Ctrl+E", "code"],
    ],
    [
      ["undo", run("undo"), "Ctrl+Z", ""],
      ["redo", run("redo"), "Ctrl+Shift+Z", ""],
    ],
  ];
};

const tableTools = (editor, words) =>
  [
    ["rowAfter", "addRowAfter"],
    ["columnAfter", "addColumnAfter"],
    ["deleteRow", "deleteRow"],
    ["deleteColumn", "deleteColumn"],
    ["headerRow", "toggleHeaderRow"],
    ["deleteTable", "deleteTable"],
  ].map(([name, command]) => button(words[name], () => editor.chain().focus()[command]().run()));

// The kinds of paragraph are a list to choose from, named as the styles of a word processor are.
const styles = (editor, words) => {
  const names = ["paragraph", ...LEVELS.map((level) => `heading${level}`), "codeBlock"];
  const options = names.map((name) => make("option", { value: name }, words[name]));
  const select = make("select", { class: "desk-styles", "aria-label": words.style }, ...options);
  select.addEventListener("change", () => {
    const chain = editor.chain().focus();
    const level = LEVELS.find((each) => select.value === `heading${each}`);
    if (level) chain.setHeading({ level }).run();
    else chain[select.value === "codeBlock" ? "setCodeBlock" : "setParagraph"]().run();
  });
  const show = () => {
    const level = LEVELS.find((each) => editor.isActive("heading", { level: each }));
    const other = editor.isActive("codeBlock") ? "codeBlock" : "paragraph";
    select.value = level ? `heading${level}` : other;
  };
  return { select, show };
};

// One stop for the tab key; arrows, Home and End move inside (WAI-ARIA, toolbar pattern).
const moveWithArrows = (bar) => {
  const all = () => [...bar.querySelectorAll("button, select")].filter((each) => each.offsetParent);
  bar.addEventListener("keydown", (event) => {
    const found = all();
    const at = found.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: found.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    found[(to + found.length) % found.length].focus();
  });
  bar.addEventListener("focusin", ({ target }) => {
    for (const each of bar.querySelectorAll("button, select")) each.tabIndex = each === target ? 0 : -1;
  });
  for (const [index, each] of [...bar.querySelectorAll("button, select")].entries()) {
    each.tabIndex = index ? -1 : 0;
  }
};

// On a phone the row is wider than the screen: a button at its end shows that, and scrolls on. It
// is for sight and touch only; arrow keys and screen readers reach every tool without it.
const sayThatMoreFollows = (bar) => {
  const on = () => bar.scrollBy({ left: (getComputedStyle(bar).direction === "rtl" ? -0.7 : 0.7) * bar.clientWidth });
  const mark = make("span", { class: "desk-more", "aria-hidden": "true", onclick: on }, "›");
  bar.append(mark);
  const show = () => {
    mark.classList.toggle("is-done", Math.abs(bar.scrollLeft) + bar.clientWidth > bar.scrollWidth - 4);
  };
  bar.addEventListener("scroll", show, { passive: true });
  new ResizeObserver(show).observe(bar);
  return show;
};

// Returns { bar, show }: the element, and a function that updates it.
window.desk.toolbar = (editor, { words }, choosePicture, others) => {
  const shown = [];
  const made = ([name, act, keys, active]) => {
    const tool = button(words[name], act, {
      class: `desk-button desk-tool-${name}`,
      title: keys ? `${words[name]} (${shortcut(keys)})` : words[name],
      "aria-pressed": active ? "false" : null,
    });
    if (active) shown.push(() => tool.setAttribute("aria-pressed", editor.isActive(active)));
    return tool;
  };
  const groups = tools(editor, words, choosePicture).map((group) =>
    make("span", { class: "desk-group" }, ...group.map(made)),
  );
  const kinds = styles(editor, words);
  const inTable = make("span", { class: "desk-group", hidden: true }, ...tableTools(editor, words));
  const bar = make(
    "div",
    { class: "desk-bar", role: "toolbar", "aria-label": words.toolbar },
    make("span", { class: "desk-group" }, kinds.select),
    ...groups,
    inTable,
    make("span", { class: "desk-group" }, ...others),
  );
  // Pressing a tool does not take the selection from the text.
  bar.addEventListener("mousedown", (event) => {
    if (event.target.closest("button")) event.preventDefault();
  });
  moveWithArrows(bar);
  const showMore = sayThatMoreFollows(bar);
  const show = () => {
    kinds.show();
    inTable.hidden = !editor.isActive("table");
    for (const each of shown) each();
    showMore();
  };
  return { bar, show };
};
