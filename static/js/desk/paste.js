// What a word processor puts on the clipboard, as Markdown: structure stays, looks are left behind.
// Google Docs writes its marks as styles of spans; Word writes its lists as styled paragraphs.
"use strict";

const HEADINGS = { H1: "## ", H2: "## ", H3: "### ", H4: "#### ", H5: "#### ", H6: "#### " };
const BLOCKS = new Set(["P", "DIV", "UL", "OL", "BLOCKQUOTE", "SECTION", "ARTICLE"]);
const SKIPPED = new Set(["STYLE", "SCRIPT", "META", "TITLE"]);

// Anything here that Markdown has a sign for; null where the plain text is all there is.
function markdownOf(html) {
  // The page's policy refuses styles, also where they are only read: they go in under another name.
  const harmless = html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/(<[a-z][^>]*?\s)style\s*=/gi, "$1data-look=");
  const { body } = new DOMParser().parseFromString(harmless, "text/html");
  if (!body.querySelector("p, h1, h2, h3, li, strong, b, em, i, table, a[href], [data-look*=font-weight]")) return null;
  return toMarkdown(body)
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n (?! )/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/(^ *- .*)\n\n(?= *- )/gm, "$1\n")
    .replace(/(^ *1\. .*)\n\n(?= *1\. )/gm, "$1\n")
    .trim();
}

function toMarkdown(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[\t\n\r ]+/g, " ");
  if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(node.tagName)) return "";
  if (node.tagName === "BR") return "\n";
  if (node.tagName === "TABLE") return tableOf(node);
  if (styleOf(node).includes("mso-list:ignore")) return "";
  const inside = [...node.childNodes].map(toMarkdown).join("").replaceAll("****", "");
  const text = inside.trim();
  if (!text) return inside ? " " : "";
  if (HEADINGS[node.tagName]) return `\n\n${HEADINGS[node.tagName]}${text.replaceAll("**", "")}\n\n`;
  if (node.tagName === "LI") return itemOf(text, node.parentNode.tagName === "OL", 0);
  if (node.tagName === "P" && styleOf(node).includes("mso-list:")) return wordItemOf(node, text);
  if (BLOCKS.has(node.tagName)) return `\n\n${text}\n\n`;
  const link = node.tagName === "A" && node.getAttribute("href");
  if (link && /^https?:/.test(link)) return enclose(inside, "[", `](${link})`);
  const mark = `${isBold(node) ? "**" : ""}${isEmphasised(node) ? "*" : ""}`;
  return mark && !text.includes("\n\n") ? enclose(inside, mark, mark) : inside;
}

function styleOf(node) {
  return (node.dataset.look || "").toLowerCase().replace(/\s+/g, "");
}

function isBold(node) {
  const weight = /(?:^|;)font-weight:(\w+)/.exec(styleOf(node))?.[1];
  if (weight) return weight === "bold" || Number(weight) >= 600;
  return node.tagName === "B" || node.tagName === "STRONG";
}

function isEmphasised(node) {
  const style = /(?:^|;)font-style:(\w+)/.exec(styleOf(node))?.[1];
  return style ? style === "italic" : node.tagName === "I" || node.tagName === "EM";
}

// Markdown wants its signs close to the words; what stood inside goes outside.
function enclose(inside, opening, closing) {
  const [, before, words, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inside);
  return `${before}${opening}${words}${closing}${after}`;
}

function itemOf(text, isNumbered, depth) {
  const indent = "    ".repeat(depth);
  return `\n${indent}${isNumbered ? "1. " : "- "}${text.replace(/\n+/g, `\n${indent}    `)}`;
}

function wordItemOf(node, text) {
  const sign = node.querySelector("[data-look*='mso-list:Ignore' i]");
  const level = Number(/level(\d)/.exec(styleOf(node))?.[1] || 1);
  return `\n${itemOf(text, /^[(]?\w{1,4}[.)]/.test(sign ? sign.textContent.trim() : ""), level - 1)}\n\n`;
}

function tableOf(table) {
  const rows = [...table.rows].map((row) => [...row.cells].map(cellOf));
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width < 2) return `\n\n${rows.flat().join("\n\n")}\n\n`;
  const lines = rows.map((row) => `| ${[...row, ...Array(width - row.length).fill("")].join(" | ")} |`);
  lines.splice(1, 0, `|${"---|".repeat(width)}`);
  return `\n\n${lines.join("\n")}\n\n`;
}

function cellOf(cell) {
  return [...cell.childNodes].map(toMarkdown).join("").trim().replace(/\s+/g, " ").replaceAll("|", "\\|");
}
