/*
 * Keyboard shortcuts, all in one list; the sheet (templates/conversations/_shortcuts.html) has a line for each and gets its keys
 * from here. Off as a whole by data-shortcuts="off" on <html>.
 *
 * `mod` is Ctrl, and Cmd on a Mac. `own` is Alt + Shift, and Control + Shift on a Mac: combinations that Chrome, Edge, Firefox and
 * Safari leave alone. Copying has those, because Ctrl/Cmd + Shift + C opens the browser's inspector and Cmd + Shift + ; its spelling.
 * New chat, search and sidebar have the keys that people bring from other chats: Ctrl + Shift + O lists bookmarks, and in Firefox Ctrl + K
 * goes to its search and Ctrl + Shift + S takes a picture of the page; who wants those back, switches ours off.
 */
import { copyFrom } from "./copy.js";
import { focusToast, toast } from "./toast.js";
import { composes } from "./typing.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const NAMES = MAC
  ? { mod: "⌘", own: "⌃⇧", shift: "⇧", escape: "esc", enter: "↩" }
  : { mod: "Ctrl", own: "Alt Shift", shift: "Shift", escape: "Esc", enter: "Enter" };

const SHORTCUTS = {
  "new-chat": { keys: "mod shift o", run: () => document.querySelector(".side a.button").click() },
  search: { keys: "mod k", run: openSearch },
  sidebar: { keys: "mod shift s", run: () => document.querySelector("[data-toggle-sidebar]").click() },
  composer: { keys: "shift escape", run: () => document.querySelector("#composer textarea").focus() },
  "copy-answer": { keys: "own c", run: () => copyLast("article[data-role=assistant] [data-copy]", "The last answer was copied.", "There is no answer to copy yet.") },
  "copy-code": { keys: "own k", run: () => copyLast("article [data-copy-code]", "The last block of code was copied.", "There is no code to copy here.") },
  notice: { keys: "own n", run: () => focusToast() || toast("There is no notice.") },
  help: { keys: "mod /", run: () => document.querySelector("[data-shortcuts-help]").click() },
};

/** The dialog takes what is typed at once; what finds it (search.js) is loaded the first time. */
async function openSearch() {
  const dialog = document.getElementById("search-dialog");
  if (dialog.open) return;
  document.querySelector("[popover='']:popover-open")?.hidePopover();
  dialog.showModal();
  dialog.querySelector("input").select();
  const loaded = await import("./search.js").catch(() => null);
  if (loaded) dialog.querySelector("form").dispatchEvent(new Event("search:now"));
  else dialog.querySelector(".search-results").innerHTML = '<p role="alert">Search could not be loaded here. Press Enter to search on a page of its own.</p>';
}

export function watchShortcuts() {
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-open-search]")) openSearch();
    const filters = target.closest("[data-with-filters]"); // takes along what is typed, also before search.js is there
    if (filters) filters.search = new URLSearchParams(new FormData(filters.closest("form")));
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || composes(event) || event.repeat || document.documentElement.dataset.shortcuts === "off") return;
    if (document.querySelector("dialog:modal")) return;
    const found = Object.values(SHORTCUTS).find(({ keys }) => matches(event, keys.split(" ")));
    if (!found) return;
    event.preventDefault();
    found.run();
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    for (const line of target.querySelectorAll("[data-shortcut]")) line.replaceChildren(...keycaps(SHORTCUTS[line.dataset.shortcut].keys));
    for (const line of target.querySelectorAll("[data-keys]")) line.replaceChildren(...keycaps(line.dataset.keys));
  });
  // At once on this page; the form tells the server.
  document.addEventListener("change", ({ target }) => {
    if (target.closest("[data-shortcuts-switch]")) document.documentElement.dataset.shortcuts = target.checked ? "on" : "off";
  });
}

function matches(event, keys) {
  const own = keys.includes("own");
  const wants = {
    ctrlKey: MAC ? own : keys.includes("mod"),
    metaKey: MAC && keys.includes("mod"),
    altKey: own && !MAC,
    shiftKey: own || keys.includes("shift"),
  };
  const key = keys.at(-1);
  // On some keyboards a sign such as / needs Shift itself.
  if (/[^a-z]/.test(key)) delete wants.shiftKey;
  return keyOf(event) === key && Object.entries(wants).every(([name, wanted]) => event[name] === wanted);
}

/** The letter by its sign, or, on keyboards of other scripts, by its place. */
function keyOf({ key, code }) {
  if (/^[a-z]$/i.test(key) || key.length > 1 || !code.startsWith("Key")) return key.toLowerCase();
  return code.slice(3).toLowerCase();
}

function keycaps(keys) {
  return keys.split(" ").flatMap((key) => (NAMES[key] ?? key.toUpperCase()).split(" ")).map((name) => {
    return Object.assign(document.createElement("kbd"), { textContent: name });
  });
}

async function copyLast(selector, done, none) {
  const button = [...document.querySelectorAll(selector)].at(-1);
  toast(!button ? none : (await copyFrom(button)) ? done : "Copying is not possible here.");
}
