/* Selecting chats in the sidebar: rows are ticked instead of opened, and what is done with them stands at the bottom. */
import { say } from "./announce.js";
import { attachPicks, picked } from "./picks.js";
import { list, refreshRows } from "./rows.js";
import { main } from "./page.js";
import { composes } from "./typing.js";

const side = () => document.getElementById("side");
const form = () => document.getElementById("bulk");
const selecting = () => side().hasAttribute("data-selecting");

export function watchSelecting() {
  const count = attachPicks(list(), form());
  document.addEventListener("chat:rows", () => selecting() && count());
  document.querySelector("[data-select-chats]").addEventListener("click", (event) => {
    event.preventDefault();
    begin();
    count();
  });
  form().querySelector("[data-many-done]").addEventListener("click", end);
  list().addEventListener("click", (event) => {
    const link = event.target.closest("li[data-place] > a");
    if (!selecting() || !link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    tick(link, event.shiftKey);
  });
  // Before anybody else hears of Escape: it closes an open menu first, then ends this, then stops an answer.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || composes(event) || !selecting() || form().querySelector("details[open]")) return;
    event.preventDefault();
    event.stopPropagation();
    end();
  }, true);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt !== form() || !detail.successful) return;
    end();
    if (main().dataset.connected !== "yes") refreshRows(); // no event will tell
  });
}

function begin() {
  side().setAttribute("data-selecting", "");
  say("Selecting chats. Escape ends it.");
  list().querySelector(".pick")?.focus();
}

function end() {
  side().removeAttribute("data-selecting");
  for (const box of picked(list())) box.checked = false;
  for (const menu of form().querySelectorAll("details[open]")) menu.open = false;
  form().elements.name.value = "";
  if (document.activeElement === document.body || side().contains(document.activeElement)) {
    document.querySelector(".list-head .menu > summary").focus({ preventScroll: true });
  }
}

const tick = (link, shiftKey) => link.parentElement.querySelector(".pick").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
