/* The sidebar as a whole: the drawer of a phone, the filter. */
import { main } from "./page.js";
import { attachRows, filterRows } from "./rows.js";

export function attachSidebar() {
  const side = document.getElementById("side");
  side.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "closed") main().inert = false; // before the focus goes back to where it was
  });
  side.addEventListener("toggle", ({ newState }) => {
    main().inert = newState === "open";
    if (main().inert) side.querySelector("button").focus();
    for (const button of document.querySelectorAll('[popovertarget="side"]')) button.setAttribute("aria-expanded", newState === "open");
  });
  side.querySelector("[data-filter]").addEventListener("input", ({ target }) => filterRows(target.value));
  attachRows();
}
