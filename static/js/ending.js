/* The end of a sign-in: announced two minutes before, and what was typed is kept over it.
   Without this script nothing breaks: the next page asks to sign in. */
(function () {
  "use strict";
  const KEPT = "kabinet-typed ", ENDS = "kabinet-ends";
  const WARN = 120; /* seconds */
  const box = document.getElementById("ending");
  const store = (kind) => { try { return window[kind]; } catch { return null; } }; /* storage may be switched off */
  const tab = store("sessionStorage"), all = store("localStorage");

  /* 1. What was typed: kept for this tab, by address and person, never passwords */
  const each = () => tab ? Object.keys(tab).filter((key) => key.startsWith(KEPT)) : [];
  const read = (key) => { try { return JSON.parse(tab.getItem(key)) || {}; } catch { return {}; } };
  const forget = () => { for (const key of each()) tab.removeItem(key); };
  const leave = () => { for (const key of each()) tab.setItem(key, JSON.stringify({ ...read(key), left: true })); };
  const here = KEPT + location.pathname + location.search;
  const forms = () => Array.from(document.querySelectorAll("main form[method=post]"));
  const fields = (form) => Array.from(form.elements).filter((field) => field.name && /^(input|select|textarea)$/i.test(field.tagName) && !/^(password|hidden|file|submit|button|image|reset)$/.test(field.type) && !/^(current-password|new-password|one-time-code)$/.test(field.autocomplete));
  const ticked = (field) => field.type === "checkbox" || field.type === "radio";

  function keep(form) {
    if (!tab || !box) return;
    const values = fields(form).map((field) => [field.name, ticked(field) ? field.value : "", ticked(field) ? field.checked : field.multiple ? Array.from(field.selectedOptions, (one) => one.value) : field.value]);
    try { tab.setItem(here, JSON.stringify({ who: box.dataset.who, form: form.getAttribute("action") || "", values })); } catch { /* full: then it is not kept */ }
  }

  function bring(kept) {
    const form = forms().find((one) => (one.getAttribute("action") || "") === kept.form);
    if (!form) return;
    const waiting = fields(form);
    for (const [name, value, state] of kept.values) {
      const place = waiting.findIndex((field) => field.name === name && (!ticked(field) || field.value === value));
      if (place < 0) continue;
      const [field] = waiting.splice(place, 1);
      if (ticked(field)) field.checked = state;
      else if (field.multiple) for (const one of field.options) one.selected = state.includes(one.value);
      else field.value = state;
    }
    keep(form);
    const said = document.createElement("p");
    said.className = "notice-line neutral";
    said.setAttribute("role", "status");
    form.prepend(said);
    said.textContent = box.dataset.brought; /* after it is there, so that it is read out */
  }

  if (tab && box) {
    const kept = read(here);
    for (const key of each()) if (!read(key).left || key === here) tab.removeItem(key);
    if (kept.left && kept.who === box.dataset.who) bring(kept);
    const typed = (event) => { const form = event.target.form; if (form && forms().includes(form)) keep(form); };
    document.addEventListener("input", typed);
    document.addEventListener("change", typed);
    document.addEventListener("htmx:afterRequest", (event) => {
      const done = event.detail;
      if (done.requestConfig && done.requestConfig.verb === "post" && done.successful) tab.removeItem(here);
    });
  }
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out" && tab) forget();
  });
  if (document.querySelector("form[action='/sign-in']")) leave();
  if (!box) return;

  /* 2. When it ends: as the newest page of any tab was told */
  const seconds = () => Date.now() / 1000;
  const told = (name) => box.dataset[name] === "" ? Infinity : seconds() + Number(box.dataset[name]);
  let ends = { who: box.dataset.who, idle: told("idleIn"), last: told("endsIn") };
  const lasts = Number(box.dataset.idleLasts);
  const tell = () => { try { all.setItem(ENDS, JSON.stringify(ends)); } catch { /* then each tab counts alone */ } };
  function newest() {
    try {
      const other = JSON.parse(all.getItem(ENDS));
      if (other && other.who === ends.who && other.last && other.idle > ends.idle) ends.idle = other.idle;
    } catch { /* nothing told */ }
    return Math.min(ends.idle, ends.last);
  }
  if (ends.idle !== Infinity) tell();
  /* A part of the page that was fetched is a visit too; the server notes visits every five minutes */
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || ends.idle === Infinity) return;
    ends.idle = Math.max(ends.idle, seconds() + lasts - 300);
    tell();
  });

  /* 3. The dialog */
  const part = (name) => box.querySelector("[data-part=" + name + "]");
  const say = (text) => { part("text").textContent = text; };
  const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: box.dataset.zone }).format(new Date(at * 1000));
  let put = 0; /* the end that somebody has been told of and has put away */
  function show(state, text, focus) {
    if (box.dataset.state === state && box.open) return;
    box.dataset.state = state;
    part("title").textContent = box.dataset[state === "over" ? "over" : "soon"];
    say(text);
    for (const name of ["stay", "close", "anew"]) part(name).hidden = name !== focus;
    if (!box.open) box.showModal();
    part(focus).focus();
  }
  function look() {
    const end = newest(), left = end - seconds();
    if (left <= 0) {
      leave();
      show("over", box.dataset.overText, "anew");
    } else if (left <= WARN && put !== end) {
      const at = clock(end);
      if (end === ends.last) show("last", box.dataset.lastText.replace("{time}", at), "close");
      else show("idle", box.dataset.idleText.replace("{time}", at), "stay");
    } else if (left > WARN && box.open) box.close();
  }
  box.addEventListener("cancel", (event) => {
    if (box.dataset.state === "over") event.preventDefault();
    else put = newest();
  });
  part("close").addEventListener("click", () => { put = newest(); box.close(); });
  part("stay").addEventListener("click", async () => {
    try {
      const answer = await fetch("/profile/sessions/extension", { method: "POST", redirect: "manual", headers: { "X-CSRF-Token": box.dataset.token } });
      if (answer.status === 204) {
        ends.idle = seconds() + lasts;
        tell();
        box.close();
      } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        ends = { ...ends, idle: 0, last: Math.min(ends.last, seconds()) };
        look();
      } else say(box.dataset.trouble);
    } catch { say(box.dataset.trouble); }
  });
  part("anew").href = "/sign-in?next=" + encodeURIComponent(location.pathname + location.search);
  window.setInterval(look, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  look();
})();
