/* How tall the bottom of the page is, for what floats above it (--dock): the composer grows with its text. */
let observer = null;

/** For the dock of the page, and again for the one that comes with a new conversation. */
export function attachDock() {
  observer?.disconnect();
  observer = new ResizeObserver(([{ target }]) => document.documentElement.style.setProperty("--dock", `${target.offsetHeight}px`));
  observer.observe(document.querySelector(".dock"), { box: "border-box" });
}
