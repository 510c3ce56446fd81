/*
 * The options of a conversation, a folder or a message: one popover beside the button that opened it, filled when it is opened. Its forms close it.
 * Without this file the button leads to a page with the same lines.
 */
import { say } from "./announce.js";
import { get, main, parse } from "./page.js";
import { refreshRows } from "./rows.js";

const LINES = ":is(button, a, summary):not([disabled])";
const box = () => document.getElementById("options");
let opener = null; // { place, label }: the id of the row or message (or null: the header) whose button opened it, and that button's name
let early = null; // the fragment, asked for when the button was pressed and not only when it was let go
let wasOpen = "";

export function watchOptions() {
  document.addEventListener("pointerdown", ({ target }) => {
    const button = buttonOf(target);
    wasOpen = button && box().matches(":popover-open") ? box().dataset.of : "";
    early = button ? { url: button.formAction, answer: get(button.formAction).catch((error) => error) } : null;
  }, true);
  document.addEventListener("click", (event) => {
    const button = buttonOf(event.target);
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (wasOpen === button.formAction) wasOpen = "";
    else open(button);
  });
  box().addEventListener("toggle", ({ newState }) => newState === "closed" && closed());
  box().addEventListener("toggle", ({ target }) => target.open && target.querySelector("input:not([type=hidden])")?.select(), true);
  box().addEventListener("keydown", onKey);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.elt.closest(".options-part") || detail.requestConfig.verb !== "post") return;
    if (box().contains(detail.elt)) box().hidePopover();
    if (detail.successful && main().dataset.connected !== "yes") refreshRows(); // no event will tell
  });
}

const buttonOf = (target) => target.closest?.('button[form="options-of"]');

/** The button again: its row or message may have been drawn anew. */
function openerButton() {
  const place = opener?.place ? document.getElementById(opener.place) : document.querySelector(".bar");
  return place?.querySelector(`[form="options-of"][aria-label="${CSS.escape(opener?.label ?? "")}"]`) ?? place?.querySelector(".options");
}

async function open(button) {
  const url = button.formAction;
  const asked = early?.url === url ? early.answer : get(url).catch((error) => error);
  early = null;
  opener = { place: button.closest("li[id], article[id]")?.id, label: button.getAttribute("aria-label") };
  box().dataset.of = url;
  box().setAttribute("aria-label", button.getAttribute("aria-label"));
  box().replaceChildren(parse('<i class="skeleton l"></i><i class="skeleton m"></i><i class="skeleton l"></i>'));
  box().showPopover({ source: button });
  button.setAttribute("aria-expanded", "true");
  const answer = await asked;
  if (box().dataset.of !== url || !box().matches(":popover-open")) return;
  if (answer instanceof Error) {
    box().hidePopover();
    return say("The options could not be loaded.");
  }
  box().innerHTML = answer.html;
  htmx.process(box());
  box().querySelector(LINES)?.focus({ preventScroll: true });
}

/** The focus goes back to the button; its row may have been drawn anew, or be gone. */
function closed() {
  const button = openerButton();
  document.querySelector('[form="options-of"][aria-expanded]')?.removeAttribute("aria-expanded");
  if (document.activeElement === document.body || box().contains(document.activeElement)) button?.focus({ preventScroll: true });
  box().dataset.of = "";
  box().replaceChildren();
}

/** Up and down go from line to line, Home and End to the ends. */
function onKey(event) {
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key) || event.target.matches("input, textarea")) return;
  const lines = [...box().querySelectorAll(LINES)].filter((line) => line.checkVisibility());
  const at = lines.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  event.preventDefault();
  lines.at(next % lines.length)?.focus();
}
