/* The log follows an answer while its end is in view, and lets go as soon as somebody scrolls up. */
import { articles, log } from "./page.js";

const NEAR_PX = 4;
const FAR_PX = 240;
let following = true;
let lastTop = 0;
let observer = null;

const box = () => document.getElementById("scroll");
const button = () => document.getElementById("to-latest");
const distance = () => box().scrollHeight - box().clientHeight - box().scrollTop;

/** Returns the message that the address asks for, if the page has it. */
export function attachScroll() {
  following = true;
  box().addEventListener("scroll", onScroll, { passive: true });
  button().addEventListener("click", () => {
    toLatest();
    document.querySelector("#composer textarea").focus({ preventScroll: true });
  });
  observer?.disconnect();
  observer = new ResizeObserver(settle);
  observer.observe(log());
  observer.observe(box());
  const wanted = location.hash.startsWith("#m-") ? document.getElementById(location.hash.slice(1)) : null;
  if (wanted && (isAsked(wanted) || !articles().slice(-2).includes(wanted))) {
    following = false;
    wanted.scrollIntoView();
  } else toLatest();
  return wanted && isAsked(wanted) ? wanted : null;
}

/** A message that the address asks for by its name (a hit of search), not only the place where something was sent. */
const isAsked = (element) => new URLSearchParams(location.search).get("at") === element.dataset.message;

export function toLatest() {
  following = true;
  // Takes the place of a glide that one's last key set going: that would go on, upwards from the end. Ended at once, for `settle` jumps.
  box().scrollTo({ top: box().scrollTop, behavior: "smooth" });
  settle();
}

/** Change the log without moving what the reader looks at. */
export function keepPlace(change) {
  if (following) {
    change();
    return settle();
  }
  const top = box().getBoundingClientRect().top;
  const anchor = articles().find((element) => element.getBoundingClientRect().bottom > top);
  const before = anchor?.getBoundingClientRect().top;
  change();
  const after = anchor && document.getElementById(anchor.id)?.getBoundingClientRect().top;
  if (after !== undefined) box().scrollTop += after - before;
}

function settle() {
  if (following && log().firstElementChild) box().scrollTop = box().scrollHeight;
  lastTop = box().scrollTop;
  button().hidden = following || distance() < FAR_PX;
}

function onScroll() {
  const top = box().scrollTop;
  const upwards = top < lastTop; // also by the few pixels with which a glide begins; what shrinks moves the page up too, and leaves it at its end
  if (distance() <= (upwards ? 1 : NEAR_PX)) following = true;
  else if (upwards) following = false;
  lastTop = top;
  button().hidden = following || distance() < FAR_PX;
}
