/* A screen reader hears an answer sentence by sentence as it is finished, each once; never tokens. */
import { isLive } from "./page.js";

const EVERY_MS = 1000;
const KEPT = 12;
const SENTENCE = /[\s\S]*?(?:[.!?…]+["'”’)\]]*(?=\s)|[。！？]|$)/g;
const heard = new Map(); // message id -> { blocks, letters }: finished blocks, and letters of the block after them
const waiting = new Set();
let timer = 0;

export function watchAnswers() {
  for (const element of document.querySelectorAll("article")) if (isLive(element)) begin(element);
  // What an answer that goes on from an earlier one comes with is not new.
  document.addEventListener("chat:changed", () => {
    for (const element of document.querySelectorAll("article[data-continues]")) if (!heard.has(element.dataset.message)) begin(element);
  });
  document.addEventListener("chat:grown", ({ detail }) => {
    waiting.add(detail.article);
    timer ||= setTimeout(speakWaiting, EVERY_MS);
  });
  document.addEventListener("chat:finished", ({ detail: { article } }) => {
    waiting.delete(article);
    const ending = { completed: "Answer finished.", stopped: "Answer stopped." }[article.dataset.status] ?? "Answer failed.";
    say([...newText(article, true), ending].join(" "));
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
  for (const element of waiting) if (element.isConnected && isLive(element)) say(newText(element).join(" "));
  waiting.clear();
}

/** What a page shows when it opens is read like any text; only what comes afterwards is announced. */
function begin(element) {
  heard.set(element.dataset.message, { blocks: blocksOf(element).length, letters: count(tailText(element)) });
}

/** Sentences that are new, and from now on heard. At the `end` also one that nothing finishes. */
function newText(element, end = false) {
  const state = heard.get(element.dataset.message) ?? { blocks: 0, letters: 0 };
  const found = [];
  for (const block of blocksOf(element).slice(state.blocks)) {
    found.push(skip(textOf(block), state.letters));
    state.blocks += 1;
    state.letters = 0;
  }
  const rest = skip(tailText(element), state.letters);
  const sentences = rest.match(SENTENCE) ?? [];
  const finished = end ? rest : sentences.filter((sentence) => /[.!?…。！？]["'”’)\]]*$/.test(sentence)).join("");
  found.push(finished);
  state.letters += count(finished);
  heard.set(element.dataset.message, state);
  return found.map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean);
}

const part = (element, name) => element.querySelector(`[data-part="${name}"]`);
const blocksOf = (element) => [...(part(element, "closed") ?? part(element, "body")).children];
const tailText = (element) => [...(part(element, "tail")?.children ?? [])].map(textOf).join(" ");
const textOf = (block) => (block.matches("figure") ? `Code${block.dataset.lang ? ` in ${block.dataset.lang}` : ""}. ` : wordsOf(block));

/** A formula is said as its source, once: read as letters in a row, its powers and fractions would be lost. */
function wordsOf(block) {
  if (!block.querySelector("math")) return block.textContent;
  const copy = block.cloneNode(true);
  for (const math of copy.querySelectorAll("math")) math.replaceWith(math.querySelector("annotation")?.textContent ?? math.textContent);
  return copy.textContent;
}

// Letters and digits are counted, since marks may turn into markup while a block is still open.
const LETTER = /[\p{L}\p{N}]/u;
const count = (text) => [...text].filter((sign) => LETTER.test(sign)).length;

function skip(text, letters) {
  let left = letters;
  let index = 0;
  for (const sign of text) {
    if (left === 0) break;
    if (LETTER.test(sign)) left -= 1;
    index += sign.length;
  }
  return text.slice(index).replace(/^[^\p{L}\p{N}]*[.!?…。！？]+["'”’)\]]*/u, "");
}
