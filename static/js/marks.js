/* What is special about the conversation, in its header: a system prompt, a temporary chat. */
import { seen } from "./log.js";
import { main, parse, revision } from "./page.js";

/** What the socket says: changed here or elsewhere. */
export function applySettings(event) {
  if (event.revision < revision()) return;
  show(event.html);
  seen(event.revision);
}

/** The answer to changing it on this page has the marks too: the socket may be away. */
export function watchMarks() {
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const { path, verb } = detail.requestConfig;
    const { home } = main().dataset;
    if (detail.xhr.status !== 200 || verb !== "post" || ![`${home}system/`, `${home}keep/`].includes(path)) return;
    show(detail.xhr.response);
    const theirs = Number(detail.xhr.getResponseHeader("X-Revision"));
    if (theirs > revision()) seen(theirs);
  });
}

function show(html) {
  const place = document.getElementById("marks");
  place.replaceChildren(parse(html));
  htmx.process(place);
  if (!place.querySelector("[data-temporary]")) document.getElementById("temporary-note")?.remove();
}
