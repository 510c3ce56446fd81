/*
 * Short words at the bottom edge, the newest last. Each leaves after a while, but not while somebody points at it or is in it with
 * the keyboard, and as soon as what it tells of was taken back.
 * Whoever uses the keyboard and lost the focus with what they removed finds it on the toast's button.
 * They lie above everything, also above the drawer of a phone: of two popovers the one that was shown last.
 */
import { parse } from "./page.js";

const LASTS_SECONDS = 8;
const WITH_BUTTON_SECONDS = 12;
const MOST = 3;
const place = () => document.getElementById("toasts");
let byKeyboard = false;

export function watchToasts() {
  addEventListener("keydown", () => (byKeyboard = true), true);
  addEventListener("pointerdown", () => (byKeyboard = false), true);
  new MutationObserver(() => {
    for (const element of place().querySelectorAll(":scope > :not([data-leaves])")) {
      forgetTheSame(element);
      begin(element);
    }
    while (place().children.length > MOST) place().firstElementChild.remove();
    raise();
  }).observe(place(), { childList: true });
  document.getElementById("side")?.addEventListener("toggle", ({ newState }) => newState === "open" && raise());
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const undone = detail.successful && detail.requestConfig.elt.closest("#toasts > .toast");
    if (undone) leave(undone);
  });
}

/** Say it. `action`: a button, `{ label, run }`. */
export function toast(text, action = null) {
  const element = parse('<div class="toast"><span></span></div>').firstElementChild;
  element.firstElementChild.textContent = text;
  if (action) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: action.label });
    button.addEventListener("click", () => {
      element.remove();
      action.run();
    });
    element.append(button);
  }
  place().append(element);
}

/** On top of what is open by now. It stays displayed all the while (notices.css), so that no focus in it is lost. */
function raise() {
  if (place().matches(":popover-open")) place().hidePopover();
  if (place().childElementCount) place().showPopover();
}

/** The newest toast's button, for a shortcut. False when there is none. */
export function focusToast() {
  const button = [...place().querySelectorAll("button, a")].at(-1);
  button?.focus();
  return Boolean(button);
}

/** What was said before is not said twice, unless something can be done about each. */
function forgetTheSame(element) {
  if (element.querySelector("button, a")) return;
  for (const other of [...place().children]) if (other !== element && other.textContent.trim() === element.textContent.trim()) other.remove();
}

function leave(element) {
  const focused = element.contains(document.activeElement);
  element.remove();
  if (focused && byKeyboard && !focusToast()) document.getElementById("main").focus({ preventScroll: true });
}

function begin(element) {
  element.dataset.leaves = "";
  const button = element.querySelector("button, a");
  const seconds = element.dataset.lasts ?? (button ? WITH_BUTTON_SECONDS : LASTS_SECONDS);
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (element.matches(":hover, :has(:focus-visible)") ? start() : element.remove()), seconds * 1000);
  };
  for (const event of ["pointerleave", "focusout"]) element.addEventListener(event, start);
  start();
  if (button && byKeyboard && document.activeElement === document.body) button.focus({ preventScroll: true });
}
