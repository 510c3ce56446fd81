/* The composer: sends once, keeps what was typed, and turns Send into Stop while an answer runs. */
import { keep, onElsewhere, read, tidy } from "./device.js";
import { attachModelButton, setModel } from "./models.js";
import { liveArticle, articles, isLive, main } from "./page.js";
import { attachQueue, enqueue, sendWith } from "./queue.js";
import { clearNotice, notice } from "./responses.js";
import { toLatest } from "./scroll.js";
import { composes, fit, mayFocus, newKey, sends } from "./typing.js";

const DRAFT_MS = 400;
const LONG_DRAFT_MS = 2500;
const LONG = 100_000; // characters from which on every look at the text costs
const form = () => document.getElementById("composer");
const text = () => form().elements.text;

let sent = null; // { key, text } of what is on its way, or was refused
let carried = ""; // typed while the first message was on its way
let again = false; // what was typed since then was sent as well, before the server had answered
let draftTimer = 0;
let typedHere = false; // what stands in the field: in this tab, and not brought from the device
let saved = {}; // the draft that this device has: { text, key }; a tab that typed nothing overwrites nothing

/** For the composer of the page, and again for the one that comes with a new conversation. */
export function attachComposer() {
  sent = null;
  takeDraft(read("draft"));
  if (carried) text().value = carried;
  carried = "";
  text().addEventListener("input", onInput);
  text().addEventListener("keydown", onKey);
  form().addEventListener("submit", onSubmit);
  attachModelButton();
  for (const button of document.querySelectorAll("[data-prompt]")) button.addEventListener("click", () => fill(button.dataset.prompt));
  if (!attachComposer.done) watchDocument();
  attachComposer.done = true;
  attachQueue(takeBack);
  showText();
  focus();
}

function watchDocument() {
  document.addEventListener("chat:changed", showState);
  document.addEventListener("chat:model", onInput);
  document.addEventListener("chat:finished", () => htmx.trigger(document.body, "usage-changed"));
  document.addEventListener("htmx:configRequest", onConfigure);
  document.addEventListener("htmx:beforeRequest", onBeforeRequest);
  document.addEventListener("htmx:beforeOnLoad", onAnswer);
  document.addEventListener("htmx:afterSettle", ({ target }) => target.id === "main" && sendAgain());
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt === form()) onEnd(detail.successful);
    if (detail.elt.id === "stop-form" && !detail.successful) stopButton().removeAttribute("aria-busy");
  });
  document.addEventListener("keydown", (event) => {
    const open = document.querySelector("[popover='']:popover-open, details.menu[open], dialog[open]");
    if (event.key === "Escape" && !composes(event) && !open && liveArticle()) document.getElementById("stop-form").requestSubmit();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose-model]")) document.getElementById("model-button").focus();
    const instead = event.target.closest("[data-instead]");
    if (!instead) return;
    event.preventDefault();
    setModel({ key: instead.value, name: instead.dataset.instead, price: instead.dataset.price });
    // What was refused is sent: the draft, the message that waits, or the one that is being edited.
    if (instead.form.id !== "queued") return instead.form.requestSubmit();
    sendWith(instead.value);
    showText(); // a draft is for this model now
    focus();
  });
  document.addEventListener("chat:leaving", () => setText("")); // signing out
  onElsewhere("draft", onDraftElsewhere);
  addEventListener("pagehide", saveDraft);
  (globalThis.requestIdleCallback ?? setTimeout)(tidy);
}

/* --- typing -------------------------------------------------------------------------------------------------------- */

function onKey(event) {
  if (!sends(event)) return;
  event.preventDefault();
  if (hasWords()) form().requestSubmit();
}

/** After every change of the text, whoever made it. */
function showText() {
  fit(text());
  showState();
  if (hasWords()) import("./estimate.js").then(({ estimateSoon }) => estimateSoon(), () => {});
  else document.getElementById("estimate").replaceChildren();
}

function onInput() {
  typedHere = hasWords();
  showText();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(saveDraft, text().textLength > LONG ? LONG_DRAFT_MS : DRAFT_MS);
}

const hasWords = () => /\S/.test(text().value);

function setText(value) {
  text().value = value;
  typedHere = hasWords();
  showText();
  saveDraft();
}

function fill(prompt) {
  setText(prompt);
  text().focus();
}

/** A message that waited comes back in front of what was typed since. */
function takeBack(words) {
  fill([words, text().value].filter((each) => each.trim()).join("\n\n"));
}

/** Where one types next. */
export function focus() {
  if (mayFocus() && !main().inert) text().focus({ preventScroll: true });
}

/* --- the draft ----------------------------------------------------------------------------------------------------- */

/** With its key when it is on its way: who leaves before the answer is there, comes back and sends it again, sends it once. */
function saveDraft() {
  clearTimeout(draftTimer);
  const value = text().value;
  const key = sent?.text === value ? sent.key : undefined;
  if (value === (saved.text ?? "") && key === saved.key) return;
  saved = { text: value, key };
  keep("draft", hasWords() ? saved : null);
}

function takeDraft(draft) {
  saved = draft ?? {};
  if (text().value && text().value !== saved.text) return; // the server sent it back
  typedHere = false;
  text().value = saved.text ?? "";
  if (!saved.key) return;
  sent = { key: saved.key, text: saved.text };
  form().elements.client_key.value = saved.key;
}

/** A second tab of this conversation follows, as long as nothing was typed into it; what was, stays until the same is sent elsewhere. */
function onDraftElsewhere(now, before) {
  const same = text().value === (before?.text ?? "");
  if (typedHere && hasWords() && !(same && before?.key && !now)) {
    saved = now ?? {}; // so that who leaves this tab leaves what stands in it
    return;
  }
  if (document.hasFocus() || !same) return;
  text().value = "";
  takeDraft(now);
  showText();
}

/* --- sending ------------------------------------------------------------------------------------------------------- */

function onConfigure({ detail }) {
  if (detail.elt.id === "stop-form") detail.path = `${main().dataset.home}m/${liveArticle()?.dataset.message}/stop/`;
  if (detail.elt !== form()) return;
  const value = text().value;
  // The same text again is the same message; another text must not be taken for the one that was refused.
  if (sent && sent.text !== value) form().elements.client_key.value = newKey();
  sent = { key: form().elements.client_key.value, text: value };
  saveDraft();
  detail.parameters.set("client_key", sent.key);
  detail.parameters.set("parent", articles().at(-1)?.dataset.message ?? "");
}

function onBeforeRequest(event) {
  if (event.detail.elt.id === "stop-form") {
    if (liveArticle()) stopButton().setAttribute("aria-busy", "true");
    else event.preventDefault();
  }
  if (event.detail.elt !== form()) return;
  if (tooLong() || liveArticle()) event.preventDefault();
  if (tooLong()) notice(tooLong());
  else if (liveArticle()) wait();
  else {
    form().setAttribute("aria-busy", "true");
    toLatest(); // now, and not when the server has answered: by then one may be reading further up
  }
}

/** HTMX drops a request while another one is on its way: other words wait for its end, the same words are the same message. */
function onSubmit() {
  if (form().hasAttribute("aria-busy")) again = text().value !== sent.text;
}

function onEnd(successful) {
  form().removeAttribute("aria-busy");
  if (successful) queueMicrotask(sendAgain); // HTMX holds the form until its event is over
  else again = false; // they stay in the composer, below the reason
}

function sendAgain() {
  if (again && hasWords()) form().requestSubmit();
  again = false;
}

/** Why it does not fit into one message; empty when it does. Signs are counted as the server counts them. */
function tooLong() {
  const limit = Number(form().dataset.limit);
  if (text().textLength <= limit) return "";
  let signs = 0;
  for (const _ of text().value.trim()) signs += 1;
  const say = (count) => count.toLocaleString("en");
  return signs <= limit ? "" : `This message has ${say(signs)} characters; at most ${say(limit)} fit into one. Shorten it, or send it in parts.`;
}

/** An answer is being written: this one is next. With its own key, for the server may have it already: its answer may be what is written. */
function wait() {
  const { model, client_key: key } = form().elements;
  if (!enqueue({ text: text().value, model: model?.value ?? "", key: sent.key })) {
    return notice("One message is waiting already. Edit or remove it first; this one stays here.");
  }
  sent = null;
  key.value = newKey();
  clearNotice();
  setText("");
}

/** Runs before anything is swapped: what was sent leaves the composer, what was typed since then stays. */
function onAnswer({ detail }) {
  if (detail.elt !== form() || detail.xhr.status !== 200 || !detail.xhr.getResponseHeader("X-Revision")) return;
  const rest = text().value.startsWith(sent.text) ? text().value.slice(sent.text.length) : text().value;
  const moves = detail.xhr.getResponseHeader("HX-Retarget");
  setText(moves ? "" : rest);
  if (moves) carried = rest;
  sent = null;
  form().elements.client_key.value = newKey();
  clearNotice();
  focus();
  htmx.trigger(document.body, "usage-changed");
}

/* --- Send or Stop -------------------------------------------------------------------------------------------------- */

const stopButton = () => document.getElementById("stop");

/** While an answer runs there is Stop; and Send as well, as soon as there is something that can wait its turn. */
function showState() {
  const running = isLive(liveArticle());
  const send = document.getElementById("send");
  const stopped = stopButton();
  if (!running && !stopped.hidden) {
    stopped.removeAttribute("aria-busy");
    if (document.activeElement === stopped) text().focus({ preventScroll: true });
  }
  send.hidden = running && !hasWords();
  send.title = running ? "Send when the answer has ended" : "";
  stopped.hidden = !running;
}
