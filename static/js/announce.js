/* A screen reader hears an answer sentence by sentence as it is finished, each once; never tokens. */
import { isLive } from "./page.js";
import { finishedSentences } from "./sentences.js";

const EVERY_MS = 1000;
const KEPT = 12;
const heard = new Map(); // message id -> { said: fingerprints of the units that are said, letters: how many of the one after them }
const waiting = new Set();
let timer = 0;

export function watchAnswers() {
  for (const element of document.querySelectorAll("article")) if (isLive(element)) begin(element);
  // What an answer goes on from is not new; what else it comes with is, for it may have arrived late.
  document.addEventListener("chat:changed", () => {
    for (const element of document.querySelectorAll("article[data-continues]")) {
      if (!heard.has(element.dataset.message)) begin(element, Number(element.dataset.continues));
    }
  });
  document.addEventListener("chat:grown", ({ detail }) => {
    waiting.add(detail.article);
    timer ||= setTimeout(speakWaiting, EVERY_MS);
  });
  document.addEventListener("chat:finished", ({ detail: { article } }) => {
    waiting.delete(article);
    const ending = { completed: "Answer finished.", stopped: "Answer stopped." }[article.dataset.status] ?? "Answer failed.";
    say([...lastText(article), ending].join(" "));
    heard.delete(article.dataset.message);
  });
}

/** Say something now, politely. */
export function say(text) {
  if (!text.trim()) return;
  const region = document.getElementById("announcer");
  const line = document.createElement("p");
  line.textContent = text;
  region.append(line);
  while (region.children.length > KEPT) region.firstChild.remove();
}

function speakWaiting() {
  timer = 0;
  for (const { dataset } of waiting) {
    const element = document.getElementById(`m-${dataset.message}`); // it may have been fetched anew meanwhile
    if (isLive(element)) say(newText(element).join(" "));
  }
  waiting.clear();
}

/** What a page shows when it opens is read like any text; only what comes afterwards is announced. Of more `letters` than these, too. */
function begin(element, letters = Infinity) {
  const prints = unitsOf(element).map(fingerprint);
  const said = [];
  while (prints.length > 1 && prints[0].length <= letters) {
    letters -= prints[0].length;
    said.push(prints.shift());
  }
  heard.set(element.dataset.message, { said, letters: Math.min(letters, prints[0]?.length ?? 0) });
}

/** Sentences of a running answer that are new, and from now on heard: all of finished units, whole sentences of the one that is open. */
function newText(element) {
  const state = heard.get(element.dataset.message) ?? { said: [], letters: 0 };
  heard.set(element.dataset.message, state);
  const found = [];
  const units = unitsOf(element);
  for (const unit of units.slice(state.said.length, -1)) {
    found.push(ended(unit, skip(textOf(unit), state.letters)));
    state.said.push(fingerprint(unit));
    state.letters = 0;
  }
  const open = units.length > state.said.length ? units.at(-1) : null;
  if (open && !isOpenFrame(open)) {
    const rest = skip(textOf(open), state.letters);
    const sentences = open.matches("figure") ? rest : finishedSentences(rest);
    found.push(sentences);
    state.letters += lettersOf(sentences).length;
  }
  return speakable(found);
}

/**
 * What of an ended answer has not been heard. Footnotes and references find their places only now, so units are known by what they say
 * and not by where they are.
 */
function lastText(element) {
  const { said, letters } = heard.get(element.dataset.message) ?? { said: [], letters: 0 };
  const known = new Map();
  for (const print of said) known.set(print, (known.get(print) ?? 0) + 1);
  let left = letters;
  const found = [];
  for (const unit of unitsOf(element)) {
    const print = fingerprint(unit);
    if (known.get(print) > 0) {
      known.set(print, known.get(print) - 1);
    } else {
      found.push(ended(unit, skip(textOf(unit), left)));
      left = 0;
    }
  }
  return speakable(found);
}

const speakable = (texts) => texts.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => LETTER.test(text));

/** A heading, an item or a row has no full stop, but is a sentence to the ear. */
const ended = (unit, text) => (unit.matches("li, tr, h2, h3, h4, h5, h6") ? text.trimEnd().replace(/(?<=[\p{L}\p{N}\p{M})])$/u, ".") : text);

/* --- units: what is heard as a whole, and what it says -------------------------------------------------------------- */

const PARTS = { UL: ":scope > li", OL: ":scope > li", DIV: "tr", SECTION: ":scope > ol > li > *" };

/** Paragraphs, headings, items, rows, code, in order. The last one of a running answer is still open. */
function unitsOf(article) {
  const places = ["closed", "tail"].map((name) => part(article, name)).filter(Boolean);
  const blocks = (places.length ? places : [part(article, "body")]).flatMap((place) => [...place.children]);
  const units = blocks.flatMap((block) => (block.matches(".markdown-alert") ? [block] : partsOf(block)));
  // What is closed is finished, even if nothing has followed yet.
  if (places.length && !places[1].childElementCount && units.length) units.push(document.createElement("p"));
  return units;
}

function partsOf(block) {
  const parts = PARTS[block.tagName] ? [...block.querySelectorAll(PARTS[block.tagName])] : [];
  return parts.length ? parts : [block];
}

const part = (element, name) => element.querySelector(`[data-part="${name}"]`);

/** The first line of a fence may still be on its way. */
const isOpenFrame = (unit) => unit.matches("figure") && !unit.querySelector("code")?.textContent;

function textOf(unit) {
  if (unit.matches("figure")) return frameOf(unit);
  if (unit.matches("tr")) return [...unit.cells].map(wordsOf).join(", ");
  const words = wordsOf(unit).replace(NOTE_MARK, "");
  return DEFINITIONS.test(words) ? "" : words;
}

// While an answer is written, its footnotes and references are still text.
const NOTE_MARK = /\[\^[^\]\s]+\]:?/g;
const DEFINITIONS = /^(?:\s*\[[^\]\n]+\]:\s*\S+(?:[ \t]+["'(].*)?(?:\n|$))+$/;

const frameOf = ({ dataset }) => `Code${dataset.lang ? ` in ${dataset.lang}` : ""}. `;

/** Code is named, not read. A formula is said as its source, once: read as letters in a row, its powers would be lost. */
function wordsOf(element) {
  if (!element.querySelector("math, figure, .footnote-ref, .footnote-back, li")) return element.textContent;
  const copy = element.cloneNode(true);
  for (const math of copy.querySelectorAll("math")) math.replaceWith(math.querySelector("annotation")?.textContent ?? math.textContent);
  for (const frame of copy.querySelectorAll("figure")) frame.replaceWith(` ${frameOf(frame)}`);
  for (const mark of copy.querySelectorAll(".footnote-ref, .footnote-back")) mark.remove();
  for (const item of copy.querySelectorAll("li")) item.prepend(" ");
  return copy.textContent;
}

/* --- letters: how much of a unit has been heard ---------------------------------------------------------------------- */

// Letters and digits are counted, since marks may turn into markup while a block is still open.
const LETTER = /[\p{L}\p{N}]/u;
const lettersOf = (text) => [...text].filter((sign) => LETTER.test(sign)).join("");

/** What a unit says, whether or not its footnotes and references have been resolved. */
const fingerprint = (unit) => lettersOf(textOf(unit).replace(/\]\[[^\]\n]*\]/g, "]"));

const STOP_THAT_WAS_HEARD = /^[^\p{L}\p{N}]*?[.!?…。！？｡।؟۔]+["'”’»)\]」』）]*/u;

function skip(text, letters) {
  let left = letters;
  let index = 0;
  for (const sign of text) {
    if (left === 0) break;
    if (LETTER.test(sign)) left -= 1;
    index += sign.length;
  }
  return index ? text.slice(index).replace(STOP_THAT_WAS_HEARD, "") : text;
}
