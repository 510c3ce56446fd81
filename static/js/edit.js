/*
 * The editor of one's own message, in its place. Keys as in the composer; Escape and Cancel put the message back. A text that is
 * being edited outlives its message's redrawing, and also its leaving the page: it is there again when it is edited again.
 */
import { focus } from "./composer.js";
import { article, get, parse } from "./page.js";
import { notice } from "./responses.js";
import { composes, fit, newKey, sends } from "./typing.js";

const kept = new Map(); // message id -> what was typed when the message left the page
const open = new Map(); // message id -> its editor
let sent = null; // what was last on its way

export function watchEditing() {
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "edit-of") return;
    event.preventDefault();
    begin(event.submitter.closest("article"), event.submitter.getAttribute("formaction"));
  });
  document.addEventListener("chat:changed", keepWhatLeft);
  // What comes in its place is on its way, and one goes on typing below.
  document.addEventListener("chat:edited", ({ detail: { editor } }) => {
    forget(editor.closest("article")?.dataset.message);
    focus();
  });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const { elt, parameters } = detail;
    if (!elt.matches(".editor")) return;
    // The same text again is the same message; another text must not be taken for the one that was refused.
    const { client_key: key, text } = elt.elements;
    if (sent?.key === key.value && sent.text !== text.value) key.value = newKey();
    sent = { key: key.value, text: text.value };
    parameters.set("client_key", key.value);
  });
}

async function begin(message, url) {
  const shown = message.querySelector(":scope > .editor");
  if (shown) return shown.elements.text.focus();
  const answer = await get(url).catch(() => null);
  if (!answer) return notice("Your message could not be opened for editing. Try again.");
  const target = article(message.dataset.message); // it may have been drawn anew meanwhile
  if (!target || target.querySelector(":scope > .editor")) return;
  const editor = parse(answer.html).querySelector("form");
  const field = editor.elements.text;
  field.value = kept.get(target.dataset.message) ?? field.value;
  target.append(editor);
  target.dataset.editing = "";
  open.set(target.dataset.message, editor);
  htmx.process(editor);
  field.addEventListener("input", () => fit(field));
  editor.addEventListener("keydown", (event) => onKey(event, editor));
  editor.querySelector("[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    end(editor);
  });
  fit(field);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function onKey(event, editor) {
  if (event.key === "Escape" && !composes(event)) {
    event.stopPropagation(); // it does not also stop an answer
    end(editor);
  } else if (event.target === editor.elements.text && sends(event)) {
    event.preventDefault();
    if (event.target.value.trim()) editor.requestSubmit();
  }
}

/** The message as it was; the focus where it came from. */
function end(editor) {
  const message = editor.closest("article");
  forget(message.dataset.message);
  editor.remove();
  delete message.dataset.editing;
  message.querySelector('[form="edit-of"]').focus();
}

function forget(id) {
  open.delete(id);
  kept.delete(id);
}

/** Another tab chose another version while this one was writing. */
function keepWhatLeft() {
  for (const [id, editor] of open) {
    if (editor.isConnected) continue;
    open.delete(id);
    const { value, defaultValue } = editor.elements.text;
    if (value === defaultValue) continue;
    kept.set(id, value);
    notice("The message that you were editing is on another version now. Your text is kept: go there and choose Edit again.");
  }
}
