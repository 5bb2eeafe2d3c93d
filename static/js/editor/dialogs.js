// Dialogs of the editor. A dialog that is closed changes nothing.
const { make, button } = window.desk;
let count = 0;

// One field of a form: { name, label, help, type, value, ...attributes of the field }.
const field = ({ name, label, help, type = "text", value = "", ...more }) => {
  const id = `desk-field-${(count += 1)}`;
  const helpId = help ? `${id}-help` : null;
  const tag = type === "textarea" ? "textarea" : "input";
  const input = make(tag, { id, name, "aria-describedby": helpId, ...more });
  if (type !== "textarea") input.type = type;
  if (type === "checkbox") input.checked = Boolean(value);
  else input.value = value ?? "";
  const named = make("label", { for: id }, label);
  const parts = type === "checkbox" ? [input, named] : [named, input];
  return make(
    "div",
    { class: `desk-field desk-field-${type}` },
    ...parts,
    help ? make("p", { id: helpId, class: "desk-help" }, help) : null,
  );
};

// Opens a dialog with these parts; resolves to its form when it is submitted, or to null.
// `refuse(form, send)` may return true to keep it open; without `done` there is no submit button.
const open = (words, { title, parts, done, refuse = () => false }) =>
  new Promise((resolve) => {
    const form = make("form", { method: "dialog", novalidate: true });
    const heading = make("h2", { id: `desk-title-${(count += 1)}` }, title);
    const send = done && make("button", { type: "submit", class: "desk-button desk-main" }, done);
    const dialog = make("dialog", { class: "desk-dialog", "aria-labelledby": heading.id }, form);
    const close = (answer) => {
      dialog.remove();
      resolve(answer);
    };
    form.append(
      heading,
      ...parts,
      make("p", { class: "desk-buttons" }, send, button(words.cancel, () => dialog.close())),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!refuse(form, send)) close(form);
    });
    dialog.addEventListener("close", () => close(null));
    document.body.append(dialog);
    dialog.showModal();
  });

// Asks for a few values: resolves to { name: value }, or to null.
const ask = async (words, { title, fields, done = words.done }) => {
  const form = await open(words, { title, parts: fields.map(field), done });
  if (!form) return null;
  return Object.fromEntries(fields.map(({ name }) => [name, form.elements[name].value.trim()]));
};

window.desk.dialog = { field, open, ask };
