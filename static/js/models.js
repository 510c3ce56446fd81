/*
 * Choosing a model from a list with a search field, in the page's dialog (a sheet at the bottom edge of a phone). The field keeps
 * the focus; the arrows move the active option.
 */
import { say } from "./announce.js";
import { get, parse } from "./page.js";
import { composes } from "./typing.js";

const dialog = () => document.getElementById("dialog");
const field = () => dialog().querySelector("[role=combobox]");
const list = () => document.getElementById("models");
const options = () => [...list().querySelectorAll("[role=option]:not([hidden])")];
const touch = matchMedia("(pointer: coarse)");
let choose = null; // what waits for an answer

/** The composer's button: it says which model answers, and opens the list. The form keeps the choice in its select. */
export function attachModelButton() {
  const button = document.getElementById("model-button");
  button?.addEventListener("click", () => chooseFor(button));
  button?.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp", "Enter", " "].includes(event.key)) return;
    event.preventDefault();
    chooseFor(button);
  });
}

/** From now on this one answers. */
export function setModel({ key, name, price }) {
  const { model } = document.getElementById("composer").elements;
  model.value = key;
  if (model.value !== key) model.add(new Option(name, key, true, true)); // offered since the page was loaded
  document.getElementById("model-name").textContent = name;
  document.getElementById("price").textContent = price;
}

async function chooseFor(button) {
  const { model, text } = button.closest("form").elements;
  button.setAttribute("aria-expanded", "true");
  const chosen = await pickModel(button.dataset.models, model.value);
  button.setAttribute("aria-expanded", "false");
  if (!chosen) return;
  setModel(chosen);
  document.dispatchEvent(new CustomEvent("chat:model"));
  if (!touch.matches) text.focus({ preventScroll: true });
}

/** The key of the model that somebody chooses, with its name and price; null when they choose none. `url`: the list. */
export async function pickModel(url, selected) {
  choose?.(null);
  dialog().replaceChildren(parse('<div class="models"><i class="skeleton m"></i><i class="skeleton l"></i><i class="skeleton l"></i></div>'));
  dialog().setAttribute("aria-label", "Choose a model");
  dialog().showModal();
  const answer = await get(`${url}?selected=${encodeURIComponent(selected)}`).catch(() => null);
  if (!dialog().open) return null;
  if (!answer) {
    dialog().close();
    say("The models could not be loaded.");
    return null;
  }
  dialog().innerHTML = answer.html;
  attach();
  return new Promise((resolve) => {
    choose = resolve;
    dialog().addEventListener("close", () => finish(null), { once: true });
  });
}

function attach() {
  field().addEventListener("input", filter);
  field().addEventListener("keydown", onKey);
  list().addEventListener("click", ({ target }) => take(target.closest("[role=option]")));
  list().addEventListener("pointermove", ({ target }) => activate(target.closest("[role=option]"), false));
  activate(list().querySelector('[aria-selected="true"]') ?? options()[0]);
  if (touch.matches) list().focus({ preventScroll: true });
  else field().focus({ preventScroll: true });
}

function filter() {
  const words = field().value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const option of list().querySelectorAll("[role=option]")) option.hidden = !words.every((word) => option.dataset.words.includes(word));
  for (const group of list().querySelectorAll("[role=group]")) group.hidden = !group.querySelector("[role=option]:not([hidden])");
  dialog().querySelector("[role=status]").hidden = options().length > 0;
  activate(options()[0]);
}

function onKey(event) {
  if (composes(event)) return;
  const shown = options();
  const at = shown.indexOf(active());
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 5, shown.length - 1), PageUp: Math.max(at - 5, 0) }[event.key];
  if (next !== undefined && shown.length) activate(shown.at(next % shown.length));
  else if (event.key === "Enter") take(active());
  else return;
  event.preventDefault();
}

const active = () => list().querySelector(".active");

function activate(option, reveal = true) {
  if (option === null || (option && option === active())) return;
  active()?.classList.remove("active");
  if (!option) return field().removeAttribute("aria-activedescendant");
  option.classList.add("active");
  field().setAttribute("aria-activedescendant", option.id);
  if (reveal) option.scrollIntoView({ block: "nearest" });
}

function take(option) {
  if (!option) return;
  if (option.ariaDisabled === "true") return say(option.querySelector(".model-why").textContent);
  const { key, name, price } = option.dataset;
  finish({ key, name, price });
  dialog().close();
}

function finish(answer) {
  choose?.(answer);
  choose = null;
}
