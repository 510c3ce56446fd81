/* Folders of the sidebar: which of them are open is kept on this device, where the server reads it; a closed one has no rows. */
import { list } from "./rows.js";

const YEAR_SECONDS = 365 * 24 * 3600;
const MOST_OPEN = 20;

export function watchFolders() {
  list().addEventListener(
    "toggle",
    ({ target }) => {
      const folder = target.closest(".folder");
      if (!folder || target.parentElement !== folder) return;
      if (!target.open) empty(folder);
      remember();
    },
    true,
  );
}

/** What is to come when it is opened again. */
function empty(folder) {
  const more = document.getElementById("folder-more").content.firstElementChild.cloneNode(true);
  const link = more.querySelector("a");
  const address = link.getAttribute("href") + folder.id.slice(2).replaceAll("-", "");
  link.setAttribute("href", address);
  link.setAttribute("hx-get", address);
  folder.querySelector("ul").replaceChildren(more);
  htmx.process(more);
}

function remember() {
  const open = [...list().querySelectorAll(".folder > details[open]")].map(({ parentElement: { id } }) => id.slice(-12));
  document.cookie = `folders=${open.slice(0, MOST_OPEN).join(".")}; path=/c/; max-age=${YEAR_SECONDS}; samesite=lax`;
}
