/*
 * One message that waits for the answer to end: it stands above the composer, survives a reload (on this device), and is sent
 * once: its key was made when it was written, one tab at a time sends it, and the server takes a key only once. After an answer
 * that was stopped or failed, or when the page was away for long, it asks first.
 */
import { keep, onElsewhere, read } from "./device.js";
import { articles, liveArticle } from "./page.js";
import { clearNotice, notice } from "./responses.js";
import { toLatest } from "./scroll.js";
import { toast } from "./toast.js";

const FRESH_MS = 6 * 3600e3;
const WAITS = "Is sent when the answer has ended";
const ASKS = { stopped: "The answer was stopped. Send this now?", failed: "The answer failed. Send this anyway?", interrupted: "The answer was interrupted. Send this anyway?" };
const box = () => document.getElementById("queued");
const part = (name) => box().querySelector(`[data-part="${name}"]`);
let waiting = null; // { text, model, key, after, at }
let onDevice = false; // kept there as well; not that of a temporary chat
let sending = null; // settles when the request on its way has its answer

export function attachQueue(takeBack) {
  if (!attachQueue.done) watchDocument();
  attachQueue.done = true;
  waiting = null;
  if (!box()) return;
  box().querySelector("[data-edit]").addEventListener("click", () => takeBack(remove().text));
  box().querySelector("[data-cancel]").addEventListener("click", cancel);
  box().querySelector("[data-send]").addEventListener("click", toLatest); // what is sent by itself pulls nobody away
  waiting = read("queued");
  onDevice = waiting !== null;
  show();
  consider();
}

/** Let this message wait. False when one waits already. `after`: the answer it waits for. */
export function enqueue(message) {
  if (waiting || !box()) return false;
  hold({ ...message, after: liveArticle().dataset.message });
  return true;
}

function hold(message) {
  waiting = message;
  onDevice = keep("queued", waiting);
  show();
}

function watchDocument() {
  document.addEventListener("chat:changed", consider);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.elt !== box() || !waiting) return;
    const { text, model, key } = waiting;
    const parent = articles().at(-1)?.dataset.message ?? "";
    for (const [name, value] of Object.entries({ text, model, client_key: key, parent })) detail.parameters.set(name, value);
  });
  document.addEventListener("htmx:beforeOnLoad", ({ detail }) => {
    if (detail.elt === box() && detail.xhr.status === 200 && detail.xhr.getResponseHeader("X-Revision")) onSent();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // Somebody was faster, on another device: it goes on waiting, without a word.
    if (event.detail.elt === box() && event.detail.xhr.status === 409) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt !== box()) return;
    if (waiting && detail.xhr.status !== 409) show("This could not be sent yet.");
    sending?.(detail.successful);
    sending = null;
  });
  onElsewhere("queued", (value) => {
    if (!box()) return;
    waiting = value;
    onDevice = value !== null;
    show();
    consider(); // its answer may have ended here before this came
  });
}

/** After every change of the log: is it time? */
function consider() {
  if (!waiting || sending) return;
  const last = articles().at(-1);
  const running = liveArticle();
  if (running) {
    // In this page alone: another tab may just have sent it, and its forgetting is still on the way to this one.
    waiting.after = running.dataset.message;
    return show();
  }
  const ended = last?.dataset.message === waiting.after && last.dataset.status;
  if (ended === "completed" && Date.now() - (waiting.at ?? Date.now()) < FRESH_MS) send();
  else show(ASKS[ended] ?? "The answer has ended. Send this now?");
}

/** One tab at a time; who comes second finds that it is gone. */
function send() {
  const { key } = waiting;
  const post = () =>
    new Promise((done) => {
      if (onDevice && read("queued") === null) waiting = null; // another tab has sent it
      show();
      if (waiting?.key !== key || liveArticle()) return done();
      sending = done;
      box().requestSubmit();
    });
  if (navigator.locks) navigator.locks.request(`send:${key}`, post);
  else post();
}

/** It had no room with its model: now, with this one. */
export function sendWith(model) {
  if (sending) return;
  if (!waiting) return clearNotice(); // another tab has sent it
  hold({ ...waiting, model });
  toLatest();
  send();
}

function onSent() {
  remove();
  htmx.trigger(document.body, "usage-changed");
}

function remove() {
  const gone = waiting;
  waiting = null;
  keep("queued", null);
  clearNotice(); // why it could not be sent, or no other one beside it
  show();
  return gone;
}

function cancel() {
  const gone = remove();
  toast("The waiting message was removed.", {
    label: "Undo",
    run: () => {
      if (waiting) return notice("Another message is waiting already.");
      hold(gone);
      consider();
    },
  });
}

function show(question = "") {
  box().hidden = !waiting;
  if (!waiting) return;
  part("words").textContent = waiting.text;
  part("state").textContent = question || WAITS;
  box().querySelector("[data-send]").hidden = !question;
}
