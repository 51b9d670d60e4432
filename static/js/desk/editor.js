// Live niceties of the translation desk. Everything works without them: the form saves, checks
// and previews by its buttons alone.
"use strict";

const form = document.getElementById("desk");
const AUTOSAVE_AFTER = 3000; // ms of rest after typing
const LOOK_AFTER = 1200;
const HERE_EVERY = 20000;

let last = form.querySelector("textarea[data-block]");
let composing = false;
let dirty = false;
let leaving = false;

// --- Which field a button of the toolbar writes into

form.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea:not([readonly])")) last = event.target;
});

// Input methods put letters together before they are text. Nothing may happen in between.
form.addEventListener("compositionstart", () => { composing = true; });
form.addEventListener("compositionend", (event) => { composing = false; changed(event.target); });
form.addEventListener("input", (event) => { if (!composing && !event.isComposing) changed(event.target); });
form.addEventListener("change", (event) => changed(event.target));

// A code, and where in it the chosen words (or else the cursor) belong.
function split(code) {
  if (code === "****" || code === "**") return [code.slice(0, code.length / 2), code.slice(code.length / 2)];
  if (code.startsWith("[](")) return ["[", code.slice(1)];
  const middle = code.indexOf("\n\n\n\n");
  return middle > 0 ? [code.slice(0, middle + 2), code.slice(middle + 2)] : [code, ""];
}

// What stands for a block needs a line of its own; a heading or a list begins one.
function around(code, before, after) {
  const isBlock = /^(\[\[(?!term:)|---|\|)/.test(code);
  const begins = isBlock || /^(#+|-|\d+\.) $/.test(code);
  return [
    begins && before.trim() ? "\n".repeat(Math.max(0, 2 - /\n*$/.exec(before)[0].length)) : "",
    isBlock && after.trim() ? "\n".repeat(Math.max(0, 2 - /^\n*/.exec(after)[0].length)) : "",
  ];
}

// The browser's own command keeps “undo” working.
function write(area, text) {
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

function insert(code) {
  if (!last) return;
  last.focus();
  const { selectionStart: start, selectionEnd: end, value } = last;
  const chosen = value.slice(start, end);
  const [open, close] = split(code);
  const [above, below] = around(code, value.slice(0, start), value.slice(end));
  write(last, above + open + chosen + close + below);
  const cursor = start + above.length + open.length + chosen.length;
  if (close) last.setSelectionRange(cursor, cursor);
  changed(last);
}

// Figures and cards that are typed below can be placed before they are saved.
for (const picker of form.querySelectorAll(".picker[data-rows]")) {
  const known = new Set([...picker.querySelectorAll("[data-insert]")].map((button) => button.dataset.insert));
  picker.addEventListener("toggle", () => {
    if (!picker.open) return;
    for (const field of form.querySelectorAll(`[name^="${picker.dataset.rows}-"][name$="-key"]`)) {
      const code = `[[figure:${field.value.trim()}]]`;
      if (!field.value.trim() || known.has(code)) continue;
      known.add(code);
      picker.querySelector("p")?.remove();
      const list = picker.querySelector("ul") || picker.querySelector(".picker__menu").appendChild(document.createElement("ul"));
      const button = list.appendChild(document.createElement("li")).appendChild(document.createElement("button"));
      button.type = "button";
      button.dataset.insert = code;
      button.appendChild(document.createElement("code")).textContent = code;
    }
  });
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  button.closest("details").open = false;
  insert(button.dataset.insert);
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape") for (const picker of document.querySelectorAll(".picker[open]")) picker.open = false;
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector(".submit-row [name=_save]"));
  }
});
document.addEventListener("click", (event) => {
  for (const picker of document.querySelectorAll(".picker[open]")) if (!picker.contains(event.target)) picker.open = false;
});

// --- Paste from a word processor (paste.js makes the Markdown)

form.addEventListener("paste", (event) => {
  const html = event.clipboardData.getData("text/html");
  if (!html || !event.target.matches("textarea[data-block]")) return;
  const text = markdownOf(html);
  if (text === null) return;
  event.preventDefault();
  write(event.target, text);
  changed(event.target);
});

// --- Fields as tall as their text, where the style sheet cannot do it

const fitsByItself = CSS.supports("field-sizing", "content");
function fit(area) {
  if (fitsByItself) return;
  area.style.blockSize = "auto";
  area.style.blockSize = `${area.scrollHeight + 2}px`;
}
for (const area of form.querySelectorAll("textarea")) fit(area);

// --- Another figure, another card

for (const section of form.querySelectorAll("[data-formset]")) {
  const prefix = section.dataset.formset;
  const total = form.elements[`${prefix}-TOTAL_FORMS`];
  const template = section.querySelector("template");
  const line = section.querySelector(".add-row");
  line.hidden = false;
  line.querySelector("button").addEventListener("click", () => {
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    line.before(...holder.childNodes);
    total.value = String(Number(total.value) + 1);
    section.querySelector(`[name="${prefix}-${Number(total.value) - 1}-key"]`).focus();
  });
}

// --- Keep what is typed, look at it again, say who is here

let keeping, looking;
function changed(target) {
  if (!target || target.matches("[name=preview-width], #preview-beside")) return;
  dirty = true;
  if (target.matches("textarea")) fit(target);
  clearTimeout(keeping);
  clearTimeout(looking);
  keeping = setTimeout(keep, AUTOSAVE_AFTER);
  looking = setTimeout(look, LOOK_AFTER);
}

function data() {
  const sent = new FormData(form);
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  return new URLSearchParams(sent);
}

async function send(url) {
  const response = await fetch(url, { method: "POST", body: data(), credentials: "same-origin", redirect: "error" });
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

const kept = document.getElementById("kept");
async function keep() {
  if (composing || leaving) return;
  try {
    const answer = await (await send(form.dataset.autosave)).json();
    const now = new Date();
    kept.textContent = `${form.dataset.kept} ${now.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}`;
    noticeVersion(answer.version);
  } catch { keeping = setTimeout(keep, 10000); }
}

let frame = form.querySelector("iframe[name=preview]");
let coming = null;
let frames = 0;
let shown = null;
for (const button of form.querySelectorAll("[data-preview]")) button.addEventListener("click", (event) => {
  event.preventDefault();
  shown = button;
  show();
});
// Beside the text or at its end: as soon as it is in sight, the preview is filled and stays true.
const beside = document.getElementById("preview-beside");
const BESIDE = "desk-preview-beside";
try { beside.checked = localStorage.getItem(BESIDE) === "yes"; } catch { /* nothing may be stored here */ }
beside.addEventListener("change", () => { try { localStorage.setItem(BESIDE, beside.checked ? "yes" : "no"); } catch { /* asked again next time */ } });
new IntersectionObserver(([entry]) => {
  if (!entry.isIntersecting || shown) return;
  shown = form.querySelector(`[data-preview][value=${matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"}]`);
  show();
}).observe(frame);

// Each preview has a frame of its own, which takes the place of the last one when it is complete:
// nothing blinks, the reader stays where they scrolled, and “back” still leads to the last screen.
function prepareFrame() {
  coming?.remove();
  const next = frame.cloneNode();
  next.name = `preview-${frames += 1}`;
  next.classList.add("is-coming");
  next.addEventListener("load", () => {
    if (next !== coming || next.contentWindow.location.href === "about:blank") return;
    try { next.contentWindow.scrollTo({ top: frame.contentWindow.scrollY, behavior: "instant" }); } catch { /* a page of the browser's own */ }
    frame.remove();
    next.classList.remove("is-coming");
    frame = next;
    coming = null;
  });
  coming = next;
  frame.after(next);
}

function show() {
  prepareFrame();
  // Files stay out of a preview: it would send them each time.
  const files = [...form.querySelectorAll("input[type=file]")].filter((field) => !field.disabled);
  for (const field of files) field.disabled = true;
  shown.formTarget = coming.name;
  form.requestSubmit(shown);
  for (const field of files) field.disabled = false;
}

async function look() {
  if (composing || leaving) return;
  if (shown) show();
  try {
    const html = await (await send(form.dataset.checks)).text();
    const parsed = new DOMParser().parseFromString(html, "text/html");
    document.getElementById("findings").replaceChildren(...parsed.body.childNodes);
  } catch { /* the next change tries again */ }
}

// --- After a save the screen is new: go on where the editor was, and say what happened there

const PLACE = `desk-place-${location.pathname}`;
form.addEventListener("submit", (event) => {
  if (event.submitter && event.submitter.formTarget) return;
  leaving = true;
  if (!event.submitter || event.submitter.name !== "_save") return;
  const at = document.activeElement;
  sessionStorage.setItem(PLACE, JSON.stringify({
    top: scrollY,
    name: form.contains(at) ? at.name : "",
    nth: form.contains(at) && at.name ? [...form.querySelectorAll(`[name="${CSS.escape(at.name)}"]`)].indexOf(at) : 0,
    cursor: at.matches("textarea") ? at.selectionStart : null,
  }));
});

function goOn() {
  const remembered = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  const message = document.querySelector(".messagelist .success");
  if (!remembered || !message) return;
  const { top, name, nth, cursor } = JSON.parse(remembered);
  const field = name ? form.querySelectorAll(`[name="${CSS.escape(name)}"]`)[nth] : null;
  if (field) field.focus({ preventScroll: true });
  if (field && cursor !== null) field.setSelectionRange(cursor, cursor);
  scrollTo({ top, behavior: "instant" });
  if (top > 200) kept.textContent = message.querySelector("span").textContent;
}
goOn();

addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
addEventListener("pageshow", () => { leaving = false; });

const presence = document.getElementById("presence");
async function here() {
  if (document.hidden) return;
  try {
    const response = await fetch(form.dataset.presence, {
      method: "POST", credentials: "same-origin", redirect: "error",
      body: new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }),
    });
    const answer = await response.json();
    const names = answer.present.join(document.documentElement.lang.startsWith("zh") ? "、" : ", ");
    presence.hidden = !names && !moved;
    if (!moved) presence.textContent = names ? form.dataset.alsoHere + names : "";
    noticeVersion(answer.version);
  } catch { /* offline: the next call tries again */ }
}
let moved = false;
function noticeVersion(version) {
  if (moved || String(version) === form.elements.version.value) return;
  moved = true;
  presence.hidden = false;
  presence.textContent = form.dataset.moved;
}
here();
setInterval(here, HERE_EVERY);
document.addEventListener("visibilitychange", here);
