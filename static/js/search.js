/*
 * Search: results follow what is typed, the latest answer wins. On the page /search/, and in the conversation page's dialog, which
 * gives the focus back when it closes; what opens that loads this module (shortcuts.js). A hit lights up where it stands.
 */
import { composes } from "./typing.js";

const WAIT_MS = 180;

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close-search]") || target.id === "search-dialog") target.closest("dialog").close();
});

// The pages of search have no list of shortcuts, only this one.
if (!document.getElementById("search-dialog") && document.documentElement.dataset.shortcuts !== "off") {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const form = document.getElementById("search-form");
    if (form) form.elements.q.focus();
    else location.assign("/search/");
  });
}

for (const form of document.querySelectorAll("form[data-search]")) attach(form, document.getElementById(form.dataset.search));

function attach(form, results) {
  const page = form.id === "search-form";
  let timer = 0;
  let asking = null;
  const ask = async () => {
    clearTimeout(timer);
    asking?.abort();
    const own = (asking = new AbortController());
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    results.setAttribute("aria-busy", "true");
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: own.signal }).catch(() => null);
    const html = answer?.ok && !answer.redirected ? await answer.text() : null;
    if (own !== asking) return;
    results.removeAttribute("aria-busy");
    if (html === null) return;
    results.innerHTML = html;
    for (const input of form.querySelectorAll("[type=date]")) describe(input, results.querySelector("[role=alert]"));
    if (page) history.replaceState(null, "", address);
  };
  const soon = () => {
    clearTimeout(timer);
    if (form.checkValidity()) timer = setTimeout(ask, WAIT_MS); // a year is typed sign by sign
  };
  form.addEventListener("input", ({ isComposing }) => isComposing || soon());
  form.addEventListener("compositionend", soon);
  form.addEventListener("search:now", ask);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = results.querySelector("a");
    if (!page && first && !results.hasAttribute("aria-busy")) location.assign(first.href);
    else ask();
  });
  // Chrome would take the first Escape for clearing the field.
  if (!page) form.closest("dialog").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || composes(event)) return;
    event.preventDefault();
    results.closest("dialog").close();
  });
  // A hit in the conversation that is open may only move within the page.
  if (!page) results.addEventListener("click", ({ target }) => target.closest("a") && results.closest("dialog").close());
  const links = () => [...results.querySelectorAll("a")];
  const walk = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("select")) return;
    const next = links().indexOf(document.activeElement) + step;
    if (next < -1 || next >= links().length) return;
    event.preventDefault();
    (next === -1 ? form.elements.q : links()[next]).focus();
  };
  form.addEventListener("keydown", walk);
  results.addEventListener("keydown", walk);
}

/** What is wrong with the days is said where they are. */
function describe(input, wrong) {
  for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", wrong?.id]]) {
    if (wrong) input.setAttribute(name, value);
    else input.removeAttribute(name);
  }
}

const found = document.getElementById(document.querySelector("[data-found]")?.dataset.found ?? "");
if (found) {
  found.classList.add("found");
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
}
