// The image picker: from this device (dropped, pasted or chosen) or from the library on the server.
const { make, button, dialog } = window.desk;

const ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,image/gif";

const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

// Uploads a file and returns the stored picture; throws an Error with a sentence.
const store = async (file, { upload, words }) => {
  const body = new FormData();
  body.append("file", file);
  let answer, told;
  try {
    answer = await fetch(upload, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
    told = await answer.json();
  } catch {
    throw new Error(words.offline);
  }
  if (!answer.ok) throw new Error(told.error ?? words.offline);
  return told;
};

// Asks for the alt text of a picture. Resolves to its `alt`: a text, "" for decoration, null for
// not yet.
const describe = async ({ words, maxAlt }, { src, alt, decorative }) => {
  const known = alt || (decorative ? "" : null);
  const warning = make("p", { class: "desk-warning", role: "alert" });
  const parts = [
    make("img", { src, alt: "", class: "desk-preview" }),
    dialog.field({
      name: "alt",
      label: words.alt,
      help: words.altHelp,
      type: "textarea",
      rows: 3,
      maxlength: maxAlt,
      dir: "auto",
      value: known ?? "",
    }),
    dialog.field({ name: "silent", label: words.decorative, type: "checkbox", value: known === "" }),
    warning,
  ];
  const answer = ({ elements }) =>
    elements.silent.checked ? "" : elements.alt.value.trim() || null;
  const refuse = (form, send) => {
    if (answer(form) !== null || warning.textContent) return false;
    warning.textContent = words.altMissing;
    send.textContent = words.insertAnyway;
    form.elements.alt.focus();
    return true;
  };
  const form = await dialog.open(words, { title: words.describe, parts, done: words.done, refuse });
  return form ? answer(form) : known;
};

// Where to insert a figure: in place of an empty paragraph, otherwise below the current block.
const room = (doc, at) => {
  const place = doc.resolve(at);
  if (!place.depth) return [at, at];
  const { type, content } = place.parent;
  const free = type.name === "paragraph" && !content.size && place.node(-1).type.name !== "listItem";
  return [free ? place.before() : place.after(), place.after()];
};

// Inserts a stored picture, at the cursor if no place is given, and asks for its alt text.
const insert = async (editor, { src, width, height, alt, decorative }, at) => {
  const { tr, doc, schema, selection } = editor.state;
  const attrs = { src, width, height, alt: alt || (decorative ? "" : null) };
  const [from, to] = room(doc, Math.min(at ?? selection.to, doc.content.size));
  editor.view.dispatch(tr.replaceWith(from, to, schema.nodes.figure.create(attrs)));
  editor.chain().focus().setNodeSelection(from).run();
  if (attrs.alt === null) await editor.storage.figure.describe(editor);
};

const card = (picture, words, choose) =>
  make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: "desk-card", onclick: () => choose(picture) },
      make("img", { src: picture.thumbnail, alt: picture.alt, loading: "lazy" }),
      make("span", {}, picture.title || words.untitled),
    ),
  );

// Searches the image library, a page at a time.
const shelf = ({ library, words }, choose) => {
  const list = make("ul", { class: "desk-shelf" });
  const says = make("p", { class: "desk-help", role: "status" });
  const search = make("input", { type: "search", "aria-label": words.search, placeholder: words.search });
  let page = 0;
  let asked = null;
  const load = async () => {
    const now = (asked = new URLSearchParams({ q: search.value, page: page + 1 }));
    let told;
    try {
      told = await fetch(`${library}?${now}`).then((answer) => answer.json());
    } catch {
      asked = null; // so that the same query can be retried
      says.textContent = words.closedLibrary;
      return;
    }
    if (now !== asked) return; // there has been a newer query
    page += 1;
    if (page === 1) list.replaceChildren();
    list.append(...told.pictures.map((picture) => card(picture, words, choose)));
    more.hidden = told.next === null;
    const none = search.value.trim() ? words.noneFound : words.noPictures;
    says.textContent = list.children.length ? "" : none;
  };
  const more = button(words.more, load, { hidden: true });
  // Only a changed query is searched: otherwise leaving the field by a press on a picture would
  // replace that picture between pointer down and up.
  const find = () => {
    if (asked?.get("q") === search.value) return;
    page = 0;
    load();
  };
  search.addEventListener("change", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find();
  });
  find();
  return make("div", {}, make("h3", {}, words.library), search, list, says, more);
};

// The picker dialog: `take` gets files, `choose` a picture of the library.
const pick = (config, { take, choose, multiple }) => {
  const { words } = config;
  const file = make("input", { type: "file", accept: ACCEPTED, multiple, class: "desk-file", id: "desk-file" });
  const close = () => file.closest("dialog").close();
  file.addEventListener("change", () => {
    const files = [...file.files];
    close();
    take(files);
  });
  const parts = [
    make("p", {}, make("label", { for: "desk-file", class: "desk-choose" }, words.chooseFile), file),
    shelf(config, (picture) => {
      close();
      choose(picture);
    }),
  ];
  dialog.open(words, { title: words.picture, parts });
};

// The dialog of the button "Picture".
const choose = (editor, config, take) =>
  pick(config, { take, choose: (picture) => insert(editor, picture), multiple: true });

window.desk.pictures = { store, describe, insert, choose, pick };
