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

function insert(text) {
  if (!last) return;
  last.focus();
  const chosen = last.value.slice(last.selectionStart, last.selectionEnd);
  const middle = text.indexOf("\n\n\n\n");
  let written = text;
  if (text === "****" || text === "**") written = text.slice(0, text.length / 2) + chosen + text.slice(text.length / 2);
  else if (text.startsWith("[](")) written = `[${chosen}${text.slice(1)}`;
  else if (middle > 0) written = `${text.slice(0, middle + 2)}${chosen}${text.slice(middle + 2)}`;
  // The browser's own command keeps “undo” working.
  if (!document.execCommand("insertText", false, written)) last.setRangeText(written, last.selectionStart, last.selectionEnd, "end");
  changed(last);
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

// --- Paste from a word processor: structure becomes Markdown, looks are left behind

const MARKS = { STRONG: "**", B: "**", EM: "*", I: "*" };
const HEADINGS = { H1: "## ", H2: "## ", H3: "### ", H4: "#### ", H5: "#### ", H6: "#### " };

function toMarkdown(node, list) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[\t\n ]+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE || ["STYLE", "SCRIPT", "META", "TITLE"].includes(node.tagName)) return "";
  const inside = [...node.childNodes].map((child) => toMarkdown(child, node)).join("");
  const text = inside.trim();
  if (node.tagName === "BR") return "\n";
  if (!text) return inside ? " " : "";
  if (HEADINGS[node.tagName]) return `\n\n${HEADINGS[node.tagName]}${text}\n\n`;
  if (MARKS[node.tagName] && node.style.fontWeight !== "normal") return `${MARKS[node.tagName]}${text}${MARKS[node.tagName]}`;
  if (node.tagName === "A" && /^https?:/.test(node.getAttribute("href") || "")) return `[${text}](${node.getAttribute("href")})`;
  if (node.tagName === "LI") return `\n${list && list.tagName === "OL" ? "1. " : "- "}${text}`;
  if (["P", "DIV", "UL", "OL", "BLOCKQUOTE", "TABLE", "TR", "SECTION", "ARTICLE"].includes(node.tagName)) return `\n\n${text}\n\n`;
  return inside;
}

form.addEventListener("paste", (event) => {
  const html = event.clipboardData.getData("text/html");
  if (!html || !event.target.matches("textarea[data-block]")) return;
  const parsed = new DOMParser().parseFromString(html, "text/html");
  if (!parsed.body.querySelector("p, h1, h2, h3, li, strong, b, em, a[href]")) return;
  event.preventDefault();
  const text = toMarkdown(parsed.body).replace(/[ \t]+\n/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
  if (!document.execCommand("insertText", false, text)) event.target.setRangeText(text, event.target.selectionStart, event.target.selectionEnd, "end");
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
  if (!target || target.matches("[name=preview-width]")) return;
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

const frame = form.querySelector("iframe[name=preview]");
let shown = null;
for (const button of form.querySelectorAll("[data-preview]")) button.addEventListener("click", () => { shown = button; });
let place = 0;
frame.addEventListener("load", () => { try { frame.contentWindow.scrollTo(0, place); } catch { /* not ours */ } });

async function look() {
  if (composing || leaving) return;
  if (shown) {
    try { place = frame.contentWindow.scrollY; } catch { place = 0; }
    // Files stay out of a preview: it would send them each time.
    const files = [...form.querySelectorAll("input[type=file]")].filter((field) => !field.disabled);
    for (const field of files) field.disabled = true;
    previewing = true;
    form.requestSubmit(shown);
    previewing = false;
    for (const field of files) field.disabled = false;
  }
  try {
    const html = await (await send(form.dataset.checks)).text();
    const parsed = new DOMParser().parseFromString(html, "text/html");
    document.getElementById("findings").replaceChildren(...parsed.body.childNodes);
  } catch { /* the next change tries again */ }
}

let previewing = false;
form.addEventListener("submit", (event) => {
  if (previewing || (event.submitter && event.submitter.formTarget)) return;
  leaving = true;
});
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
