/* "Regenerate title": the name that is about to change breathes until the new one is there, or none will come. */
import { say } from "./announce.js";
import { main } from "./page.js";
import { row } from "./rows.js";
import { toast } from "./toast.js";

const PATIENCE_MS = 60000;

export function watchNaming() {
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const id = /\/c\/([0-9a-f-]{36})\/title\/$/.exec(detail.requestConfig.path)?.[1];
    if (!id || !detail.successful) return;
    mark(id, true);
    say("A new title is being written.");
    setTimeout(() => mark(id, false), PATIENCE_MS);
  });
}

/** It is over. The title itself came with events of its own. */
export function named({ conversation, made }) {
  mark(conversation, false);
  if (made) return;
  toast("No new title could be made. The old one stays.");
}

function mark(id, on) {
  row(id)?.toggleAttribute("data-naming", on);
  if (id === main().dataset.conversation) main().querySelector(".bar").toggleAttribute("data-naming", on);
}
