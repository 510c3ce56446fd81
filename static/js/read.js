/* Tells the server that the end of the conversation has been seen, so that no list calls it unread. */
import { liveArticle, main, post } from "./page.js";
import { row } from "./rows.js";

let unseen = false; // an answer has ended since the last word to the server
let sending = false;

export function watchReading() {
  document.addEventListener("chat:finished", () => {
    unseen = true;
    seen();
  });
  document.addEventListener("chat:rows", seen);
  document.addEventListener("visibilitychange", seen);
}

async function seen() {
  const { home, conversation, deleted } = main().dataset;
  const marked = conversation && row(conversation)?.hasAttribute("data-unread");
  if (!home || deleted || sending || document.hidden || liveArticle() || !(unseen || marked)) return;
  sending = true;
  unseen = false;
  const heard = await post(`${home}read/`);
  sending = false;
  if (!heard) unseen = true; // the next answer, or the next look at the page, says it again
}
