/* Menus (<details class="menu">) close on Escape, on a click elsewhere, and once something was chosen. */
import { composes } from "./typing.js";

const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    const chosen = event.target.closest(".menu-list :is(a, button)");
    if (!chosen && menu.contains(event.target)) continue;
    // A form is sent first: HTMX forgets which button sends it as soon as the button has lost the focus.
    if (chosen) setTimeout(close, 0, menu);
    else menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || composes(event) || !open().length) return;
  event.preventDefault(); // or the browser also closes the drawer or dialog that the menu stands in
  open().forEach(close);
});

function close(menu) {
  const inside = menu.contains(document.activeElement);
  menu.open = false;
  if (inside) menu.querySelector("summary").focus();
}
