/* The form of a user: a role ticks its boxes, what does not apply is hidden, the button says whom it adds.
   Without it everything is shown, and the server leaves out what does not count. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-roles]");
  if (!form) return;
  const boxes = Array.from(form.querySelectorAll("[name=permissions]"));
  const named = (name, value) => form.querySelector("[name=" + name + "][value=" + value + "]");

  function show() {
    for (const part of form.querySelectorAll("[data-shown-with]")) {
      const [name, value] = part.dataset.shownWith.split("=");
      part.hidden = !named(name, value).checked;
    }
  }

  function say() {
    const button = form.querySelector("[data-named]");
    if (!button) return;
    const name = ["first_name", "last_name"].map((each) => form.elements[each].value.trim()).filter(Boolean).join(" ");
    button.textContent = name ? button.dataset.named.replace("{}", () => name) : button.dataset.unnamed;
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "role" && event.target.dataset.standsFor) {
      const stands = event.target.dataset.standsFor.split(" ");
      for (const box of boxes) if (!box.disabled) box.checked = stands.includes(box.value);
    }
    if (event.target.name === "permissions") named("role", "custom").checked = true;
    show();
  });
  form.addEventListener("input", say);
  show();
  say();
})();
