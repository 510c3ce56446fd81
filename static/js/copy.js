/* Copy an answer as Markdown (fetched), a block of code (from the page), or a text that the button carries (a link). */
import { say } from "./announce.js";

const SHOWN_MS = 1600;

export function watchCopyButtons() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copy], [data-copy-code], [data-copy-text]");
    if (!button) return;
    say((await copyFrom(button)) ? "Copied" : "Copying is not possible here.");
  });
  // A field that is there to be copied is selected whole: <input data-select>.
  document.addEventListener("focusin", ({ target }) => target.matches("input[data-select]") && target.select());
}

/** Copy what this button stands for, and show it there. Whether that was possible. */
export async function copyFrom(button) {
  const { copy, copyText: text } = button.dataset;
  const copied = await (copy ? copyFetched(copy) : copyText(text ?? codeOf(button))).then(
    () => true,
    () => false,
  );
  button.dataset.copied = copied ? "yes" : "no";
  setTimeout(() => delete button.dataset.copied, SHOWN_MS);
  return copied;
}

const codeOf = (button) => button.closest("figure").querySelector("code").textContent.replace(/\n$/, "");

async function fetchText(url) {
  const response = await fetch(url);
  if (!response.ok || response.redirected) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

/** Safari wants to be given the clipboard's content, as a promise, while the click still counts. */
async function copyFetched(url) {
  const text = fetchText(url);
  if (!navigator.clipboard?.write) return copyText(await text);
  const blob = text.then((value) => new Blob([value], { type: "text/plain" }));
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]).catch(async () => copyText(await text));
}

/** Without a secure origin there is no clipboard but the old way. */
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const area = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus({ preventScroll: true });
  if (!done) throw new Error("refused");
}
