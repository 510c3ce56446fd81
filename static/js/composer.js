/* The composer: sends once, keeps what was typed, and turns Send into Stop while an answer runs. */
import { attachModelButton } from "./models.js";
import { liveArticle, articles, isLive, main } from "./page.js";
import { clearNotice, notice } from "./responses.js";
import { toLatest } from "./scroll.js";

const DRAFT_MS = 400;
const touch = matchMedia("(pointer: coarse)");
const growsByItself = CSS.supports("field-sizing", "content");
const form = () => document.getElementById("composer");
const text = () => form().elements.text;
const draftKey = () => `draft:${document.querySelector("[data-user]").dataset.user}:${main().dataset.conversation ?? "new"}`;

let sent = null; // { key, text } of what is on its way, or was refused
let queued = false; // to be sent when the running answer has ended
let carried = ""; // typed while the first message was on its way
let draftTimer = 0;

/** For the composer of the page, and again for the one that comes with a new conversation. */
export function attachComposer() {
  if (!text().value) text().value = carried || localStorage.getItem(draftKey()) || "";
  carried = "";
  sent = null;
  text().addEventListener("input", onInput);
  text().addEventListener("keydown", onKey);
  attachModelButton();
  for (const button of document.querySelectorAll("[data-prompt]")) button.addEventListener("click", () => fill(button.dataset.prompt));
  fit();
  showState();
  focus();
  if (!attachComposer.done) watchDocument();
  attachComposer.done = true;
}

function watchDocument() {
  document.addEventListener("chat:changed", showState);
  document.addEventListener("chat:finished", () => htmx.trigger(document.body, "usage-changed"));
  document.addEventListener("htmx:configRequest", onConfigure);
  document.addEventListener("htmx:beforeRequest", onBeforeRequest);
  document.addEventListener("htmx:beforeOnLoad", onAnswer);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt === form()) form().removeAttribute("aria-busy");
    if (detail.elt.id === "stop-form" && !detail.successful) stopButton().removeAttribute("aria-busy");
  });
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector(":popover-open, details.menu[open], dialog[open]");
    if (event.key === "Escape" && !event.isComposing && !open && liveArticle()) document.getElementById("stop-form").requestSubmit();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-choose-model]")) document.getElementById("model-button").focus();
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.action.endsWith("/accounts/logout/")) forgetDrafts();
  });
  addEventListener("pagehide", saveDraft);
}

/* --- typing -------------------------------------------------------------------------------------------------------- */

function onKey(event) {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key !== "Enter" || event.shiftKey || event.altKey || composing) return;
  if (touch.matches && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  if (text().value.trim()) form().requestSubmit();
}

function onInput() {
  fit();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(saveDraft, DRAFT_MS);
}

function fit() {
  if (growsByItself) return;
  text().style.height = "auto";
  text().style.height = `${text().scrollHeight}px`;
}

function fill(prompt) {
  text().value = prompt;
  onInput();
  text().focus();
}

function focus() {
  if (!touch.matches && !main().inert) text().focus({ preventScroll: true });
}

function saveDraft() {
  clearTimeout(draftTimer);
  try {
    if (text().value.trim()) localStorage.setItem(draftKey(), text().value);
    else localStorage.removeItem(draftKey());
  } catch {
    // Larger than the browser keeps: the text is still in the page.
  }
}

function forgetDrafts() {
  text().value = "";
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
}

/* --- sending ------------------------------------------------------------------------------------------------------- */

function onConfigure({ detail }) {
  if (detail.elt.id === "stop-form") detail.path = `${main().dataset.home}m/${liveArticle()?.dataset.message}/stop/`;
  if (detail.elt !== form()) return;
  const value = text().value;
  // The same text again is the same message; another text must not be taken for the one that was refused.
  if (sent && sent.text !== value) form().elements.client_key.value = newKey();
  sent = { key: form().elements.client_key.value, text: value };
  detail.parameters.set("client_key", sent.key);
  detail.parameters.set("parent", articles().at(-1)?.dataset.message ?? "");
}

function onBeforeRequest(event) {
  if (event.detail.elt.id === "stop-form") {
    if (liveArticle()) stopButton().setAttribute("aria-busy", "true");
    else event.preventDefault();
  }
  if (event.detail.elt !== form()) return;
  if (liveArticle()) {
    event.preventDefault();
    queued = true;
    notice("This is sent as soon as the answer has ended.");
    return;
  }
  form().setAttribute("aria-busy", "true");
}

/** Runs before anything is swapped: what was sent leaves the composer, what was typed since then stays. */
function onAnswer({ detail }) {
  if (detail.elt !== form() || detail.xhr.status !== 200 || !detail.xhr.getResponseHeader("X-Revision")) return;
  const rest = text().value.startsWith(sent.text) ? text().value.slice(sent.text.length) : text().value;
  const moves = detail.xhr.getResponseHeader("HX-Retarget");
  text().value = moves ? "" : rest;
  saveDraft();
  if (moves) carried = rest;
  sent = null;
  form().elements.client_key.value = newKey();
  clearNotice();
  fit();
  toLatest();
  focus();
  htmx.trigger(document.body, "usage-changed");
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-a$4-$5");
}

/* --- Send or Stop -------------------------------------------------------------------------------------------------- */

const stopButton = () => document.getElementById("stop");

function showState() {
  const running = isLive(liveArticle());
  const send = document.getElementById("send");
  const stopped = stopButton();
  if (!running && !stopped.hidden) {
    stopped.removeAttribute("aria-busy");
    if (document.activeElement === stopped) text().focus({ preventScroll: true });
  }
  send.hidden = running;
  stopped.hidden = !running;
  if (queued && !running) {
    queued = false;
    clearNotice();
    if (text().value.trim()) form().requestSubmit();
  }
}
