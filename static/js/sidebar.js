/* The sidebar as a whole: put away on a wide screen (kept on this device), a drawer on a phone; the filter; the arrow keys. */
import { watchFolders } from "./folders.js";
import { main } from "./page.js";
import { attachRows, filterRows, list } from "./rows.js";

const YEAR_SECONDS = 365 * 24 * 3600;
const STOPS = "li[data-place] > a, .folder > details > summary, .more > a";
const app = () => document.querySelector(".app");
const side = () => document.getElementById("side");
const narrow = matchMedia("(width < 52rem)");

export function attachSidebar() {
  side().addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "closed") main().inert = false; // before the focus goes back to where it was
  });
  side().addEventListener("toggle", ({ newState }) => {
    main().inert = newState === "open";
    if (main().inert) side().querySelector("button.side-open").focus();
    for (const button of document.querySelectorAll('[popovertarget="side"]')) button.setAttribute("aria-expanded", newState === "open");
  });
  document.addEventListener("click", ({ target }) => target.closest("[data-toggle-sidebar]") && toggle());
  side().querySelector("[data-filter]")?.addEventListener("input", ({ target }) => filterRows(target.value));
  list().addEventListener("keydown", onKey);
  attachRows();
  watchFolders();
}

/** On a phone the drawer, elsewhere the column. The focus goes to the button that takes it back, if it was on what went away. */
function toggle() {
  if (narrow.matches) return side().togglePopover();
  const closing = app().dataset.side !== "closed";
  const focused = document.activeElement;
  const moves = focused === document.body || focused.matches("[data-toggle-sidebar]") || (closing && side().contains(focused));
  if (closing) app().dataset.side = "closed";
  else delete app().dataset.side;
  document.cookie = `sidebar=${closing ? "closed" : "open"}; path=/c/; max-age=${YEAR_SECONDS}; samesite=lax`;
  if (moves) document.querySelector(closing ? ".side-show" : ".side-toggle").focus();
}

/** Up and down go from row to row, Home and End to the ends of what is loaded. */
function onKey(event) {
  if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key) || event.target.matches("input")) return;
  const stops = [...list().querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility());
  const row = event.target.closest("li[data-place], .more") ?? event.target.closest(".folder > details, .folder");
  const at = stops.findIndex((stop) => stop === event.target || row?.querySelector(STOPS) === stop || stop.parentElement === row);
  const next = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: stops.length - 1 }[event.key];
  event.preventDefault();
  stops[Math.min(next, stops.length - 1)]?.focus();
}
