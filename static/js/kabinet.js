/* What makes a page that works by itself quicker to use. Nothing here is needed to use it. */
(function () {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  /* The menu: folded to icons, remembered in a cookie */
  const fold = byId("fold");
  if (fold) {
    const tell = () => fold.setAttribute("aria-pressed", String(root.classList.contains("nav-folded")));
    tell();
    fold.addEventListener("click", () => {
      const folded = root.classList.toggle("nav-folded");
      const age = folded ? 31536000 : 0;
      document.cookie = "nav=folded; path=/; max-age=" + age + "; samesite=lax" + (location.protocol === "https:" ? "; secure" : "");
      tell();
      window.dispatchEvent(new Event("resize"));
    });
  }

  /* The drawer on a phone: opens by its address without us, by a class with us (no steps in the history) */
  const side = byId("menu");
  let opener = null;
  function drawer(open) {
    root.classList.toggle("menu-open", open);
    for (const part of document.querySelectorAll(".bar, .content")) part.inert = open;
    if (open) side.querySelector(".side-close").focus();
    else if (opener) { opener.focus(); opener = null; }
  }
  if (side) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest(".burger, .side-close, .side-veil");
      if (!link) return;
      event.preventDefault();
      if (link.matches(".burger")) opener = link;
      drawer(link.matches(".burger"));
    });
    window.matchMedia("(min-width: 760px)").addEventListener("change", () => {
      if (root.classList.contains("menu-open")) drawer(false);
    });
  }

  /* Menus close by Escape, and by a click or the focus elsewhere unless they say that something is wrong */
  const openMenus = () => document.querySelectorAll("details.menu[open]");
  const leave = (event) => {
    if (event.type === "focusin" && event.target === document.body) return;
    for (const menu of openMenus()) if (!menu.contains(event.target) && !menu.querySelector("[aria-invalid]")) menu.open = false;
  };
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menus = openMenus();
    for (const menu of menus) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector("summary").focus();
    }
    if (!menus.length && root.classList.contains("menu-open")) drawer(false);
  });

  /* A row is one click, but its text may still be selected */
  document.addEventListener("click", (event) => {
    const row = event.target.closest("tr.row");
    if (!row || event.target.closest("a, button, input, label, summary") || String(getSelection())) return;
    const link = row.querySelector("a.row-link");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });

  /* A picker shows its choice at once; empty fields stay out of the address */
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-auto]") && event.target.form) event.target.form.requestSubmit();
  });
  document.addEventListener("formdata", (event) => {
    if (event.target.getAttribute("method") !== "get") return; /* .method may be a field of that name */
    for (const [name, value] of Array.from(event.formData.entries())) if (value === "") event.formData.delete(name);
  });

  /* Show the password */
  for (const box of document.querySelectorAll("[data-reveal]")) {
    const input = box.querySelector("input");
    const words = box.closest("form").querySelector("[data-show-text]");
    if (!words) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reveal";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-label", words.dataset.showText);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const [d, name] of [["M2 12s3.5-7 10-7 10 7 10 7-3.5 7-10 7-10-7-10-7z", ""], ["M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z", ""], ["M4 4l16 16", "slash"]]) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      if (name) path.setAttribute("class", name);
      svg.append(path);
    }
    button.append(svg);
    button.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      button.setAttribute("aria-pressed", String(show));
    });
    box.closest("form").addEventListener("submit", () => { input.type = "password"; });
    box.append(button);
  }

  /* Notes of what happened can be put away */
  const trouble = byId("trouble");
  function closable(note) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "toast-close";
    button.textContent = "\u00d7";
    button.setAttribute("aria-label", trouble ? trouble.dataset.close : "\u00d7");
    button.addEventListener("click", () => { note.hidden = true; });
    note.append(button);
  }
  if (byId("toast")) closable(byId("toast"));
  function say(text) {
    if (!trouble) return;
    trouble.textContent = "";
    const words = document.createElement("span");
    words.textContent = text;
    trouble.append(words);
    closable(trouble);
    trouble.hidden = false;
  }
  document.addEventListener("htmx:responseError", () => say(trouble.dataset.server));
  document.addEventListener("htmx:sendError", () => say(trouble.dataset.offline));
  document.addEventListener("htmx:timeout", () => say(trouble.dataset.offline));

  /* Parts of a page that change in place */
  const spoken = byId("spoken");
  let waiting = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (trouble) trouble.hidden = true;
    clearTimeout(waiting);
    const part = event.detail.target;
    waiting = setTimeout(() => {
      part.setAttribute("aria-busy", "true");
      if (spoken) spoken.textContent = spoken.dataset.waiting;
    }, 300);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    clearTimeout(waiting);
    event.detail.target.removeAttribute("aria-busy");
  });
  /* Another page came instead of the part (signed out meanwhile): go there whole */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = event.detail;
    if (!detail.shouldSwap || detail.serverResponse.includes('id="' + detail.target.id + '"')) return;
    detail.shouldSwap = false;
    location.assign(detail.xhr.responseURL);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    const wrong = part.querySelector && part.querySelector("[aria-invalid]");
    if (wrong) wrong.focus();
    else if (document.activeElement === document.body && part.hasAttribute("tabindex")) part.focus({ preventScroll: true });
    if (spoken) spoken.textContent = spoken.dataset.ready;
  });
})();
