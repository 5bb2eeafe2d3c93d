// Mounts an editor on each textarea that is marked for one. The form still submits the textarea.
const { make, button, harmless, pictures, written, pasted, lost } = window.desk;

const PAUSE = 250; // milliseconds after the last key until the textarea is updated
const KINDS = /^image\//;

const grouped = (number) => number.toLocaleString(document.documentElement.lang);

// A phrase in the form of this number; see accounts/text/plurals.py.
const filled = ({ texts, which }, number) =>
  texts[which[number < which.length ? number : 100 + (number % 100)]].replace("%d", grouped(number));

// Words and minutes of reading, counted like on the public page.
const measure = (editor, { words, wordsAMinute }) => {
  const { doc } = editor.state;
  const count = (doc.textBetween(0, doc.content.size, " ", " ").match(/\S+/g) ?? []).length;
  const minutes = Math.max(1, Math.round(count / wordsAMinute));
  return `${filled(words.count, count)} · ${filled(words.minutes, minutes)}`;
};

const mount = async (textarea) => {
  const config = JSON.parse(textarea.dataset.editor);
  const { words } = config;
  // A text that is too long to be stored stays in the plain textarea.
  if (textarea.value.length > config.maxLength) return;
  const prose = await import(config.prose);

  const status = make("span", { class: "desk-status", role: "status" });
  const numbers = make("span", { class: "desk-numbers" });
  const notice = make("div", { class: "desk-notice", hidden: true });
  const place = make("div", { class: "desk-page" });
  const quiet = button(words.quiet, () => hush(), { "aria-pressed": "false" });
  const source = button(words.html, () => turn(), { "aria-pressed": "false", class: "desk-button desk-source" });
  const box = make("div", { class: "desk-editor" });

  let timer = null;
  let last = null; // what we wrote into the textarea
  let asHtml = false;

  const say = (text) => (status.textContent = text);

  const follow = () => {
    clearTimeout(timer);
    timer = null;
    last = textarea.value = written(editor.getHTML());
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
    numbers.textContent = measure(editor, config);
    const { length } = textarea.value;
    const isTooLong = length > config.maxLength;
    box.classList.toggle("is-too-long", isTooLong);
    if (!isTooLong) return;
    say(words.tooLong.replace("{count}", grouped(length)).replace("{limit}", grouped(config.maxLength)));
  };

  // Shortly after the last key, and always before other code reads the textarea.
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(follow, PAUSE);
  };
  const now = () => timer && follow();

  const take = async (files, at) => {
    for (const file of files) {
      say(words.storing);
      try {
        const told = await pictures.store(file, config);
        say(words.stored);
        await pictures.insert(editor, told, at);
        at = null; // the next one below it
      } catch (error) {
        say(error.message);
      }
    }
  };

  const filesOf = (data) => [...(data?.files ?? [])].filter(({ type }) => KINDS.test(type));

  const editor = new prose.Editor({
    element: place,
    extensions: window.desk.schema(prose, config),
    content: harmless(textarea.value),
    injectCSS: false,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": textarea.labels[0]?.textContent.replace(":", "") ?? "",
        class: "desk-text",
        dir: "auto",
      },
      handlePaste: (view, { clipboardData }) => {
        const files = filesOf(clipboardData);
        const html = clipboardData.getData("text/html");
        if (!files.length || window.desk.parsed(html).textContent.trim()) return false;
        take(files);
        return true;
      },
      handleDrop: (view, event, slice, moved) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (moved || !files.length) return false;
        event.preventDefault();
        take(files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
        return true;
      },
      transformPastedHTML: (html) => {
        const { html: cleaned, leftOut } = pasted(html);
        if (leftOut) say(words.leftOut);
        return cleaned;
      },
      // Typing after inserting a picture continues below it: a selected picture would be replaced.
      handleTextInput: (view, from, to, text) => {
        if (view.state.selection.node?.type.name !== "figure") return false;
        const below = { type: "paragraph", content: [{ type: "text", text }] };
        return editor.chain().insertContentAt(to, below).setTextSelection(to + 1 + text.length).run();
      },
      handleKeyDown: (view, event) => {
        const mod = event.ctrlKey || event.metaKey;
        if (event.key === "Escape" && box.classList.contains("is-quiet")) return hush() ?? true;
        if (!mod || event.altKey || event.key.toLowerCase() !== "k") return false;
        event.preventDefault();
        window.desk.askForLink(editor, words);
        return true;
      },
    },
    onUpdate: later,
    onBlur: now,
  });

  editor.storage.figure.describe = async () => {
    const { node, from } = editor.state.selection;
    if (node?.type.name !== "figure") return;
    const alt = await pictures.describe(config, node.attrs);
    editor.chain().setNodeSelection(from).updateAttributes("figure", { alt }).focus().run();
  };

  const { bar, show } = window.desk.toolbar(
    editor,
    config,
    () => pictures.choose(editor, config, take),
    [quiet, source],
  );
  editor.on("transaction", show);

  const showHtml = (on) => {
    asHtml = on;
    box.classList.toggle("is-html", on);
    source.setAttribute("aria-pressed", on);
    source.textContent = on ? words.editor : words.html;
    if (!on) notice.hidden = true;
    show();
  };

  // Loads the content of the textarea, unless the editor would lose some of it.
  const load = () => {
    clearTimeout(timer);
    timer = null;
    editor.commands.setContent(harmless(textarea.value), { emitUpdate: false });
    last = textarea.value;
    numbers.textContent = measure(editor, config);
    const missing = [...lost(textarea.value, written(editor.getHTML()))].filter(Boolean);
    return missing;
  };
  const open = () => {
    const missing = load();
    notice.replaceChildren(
      words.loses.replace("{tags}", () => missing.join(", ")),
      " ",
      button(words.openAnyway, () => showHtml(false)),
    );
    notice.hidden = !missing.length;
    showHtml(missing.length > 0);
  };

  const turn = () => {
    if (asHtml) return open();
    now();
    showHtml(true);
    return textarea.focus();
  };

  const hush = () => {
    const on = box.classList.toggle("is-quiet");
    document.body.classList.toggle("desk-quiet", on);
    quiet.setAttribute("aria-pressed", on);
    editor.commands.focus();
  };

  // A file that misses the text is put into it; the browser would leave the page and open the file.
  const misses = ({ target, dataTransfer }) =>
    dataTransfer?.types.includes("Files") && !target.closest?.(".desk-text, dialog, [type=file]");
  document.addEventListener("dragover", (event) => misses(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!misses(event)) return;
    event.preventDefault();
    if (!asHtml) take([...event.dataTransfer.files]);
  });

  textarea.before(box);
  box.append(bar, notice, place, textarea, make("p", { class: "desk-foot" }, numbers, status));
  textarea.setAttribute("dir", "auto");
  open();
  show();

  // Another script (such as one that brings back a draft) sets the value and says "change".
  textarea.addEventListener("change", () => {
    if (!asHtml && textarea.value !== last) open();
  });
  textarea.form.addEventListener("submit", now, { capture: true });
  addEventListener("pagehide", now);
  document.addEventListener("visibilitychange", now);
  box.dispatchEvent(new CustomEvent("desk:ready", { bubbles: true, detail: { editor } }));
};

for (const textarea of document.querySelectorAll("textarea[data-editor]")) mount(textarea);
