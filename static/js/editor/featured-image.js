// The featured image: a preview and the image library in place of a list of titles. The form
// still submits the list.
const { make, button, pictures } = window.desk;

const select = document.getElementById("id_lead_image");
const alt = document.getElementById("id_lead_alt");
const editor = document.querySelector("[data-editor]");

const mount = () => {
  const config = JSON.parse(editor.dataset.editor);
  const { choose: first, another, none } = select.dataset;
  const picture = make("img", { alt: "", class: "desk-lead-picture" });
  const status = make("p", { class: "desk-hint", role: "status" });
  let described = select.selectedOptions[0]?.dataset.alt ?? "";

  const option = ({ key, title, alt: shows, thumbnail }) => {
    const known = [...select.options].find(({ value }) => value === String(key));
    if (known) return known;
    const made = make("option", { value: key, "data-alt": shows, "data-thumbnail": thumbnail }, title);
    select.append(made);
    return made;
  };

  const show = () => {
    const { value, dataset } = select.selectedOptions[0] ?? { value: "", dataset: {} };
    picture.hidden = remove.hidden = !value;
    if (value) picture.src = dataset.thumbnail;
    change.textContent = value ? another : first;
  };

  // The author's own alt text stays; one from the library is removed with its picture.
  const take = (made) => {
    made.selected = true;
    if (!alt.value.trim() || alt.value === described) alt.value = made.dataset.alt ?? "";
    described = made.dataset.alt ?? "";
    for (const field of [select, alt]) field.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  };

  const upload = async ([file]) => {
    if (!file) return;
    status.textContent = config.words.storing;
    try {
      take(option(await pictures.store(file, config)));
      status.textContent = config.words.stored;
      if (!alt.value) alt.focus();
    } catch (problem) {
      status.textContent = problem.message;
    }
  };

  const pick = () =>
    pictures.pick(config, { take: upload, choose: (told) => take(option(told)), multiple: false });
  const change = button(first, pick, { class: "desk-button desk-lead-act" });
  const remove = button(none, () => take(select.options[0]), { class: "desk-button desk-lead-act" });

  select.hidden = true;
  change.setAttribute("aria-describedby", "id_lead_image_helptext");
  select.after(picture, make("p", { class: "desk-lead-acts" }, change, " ", remove), status);
  document.querySelector('label[for="id_lead_image"]')?.removeAttribute("for");
  show();
};

if (select && alt && editor) mount();
