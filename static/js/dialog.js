/*
 * One dialog for the page (<dialog id="dialog">): what is swapped into it is shown, and it closes when its form was taken
 * (unless that stands in something with data-stays), by anything with data-close, by Escape and by a click beside it. The
 * focus goes back to where it was by itself.
 */
const dialog = () => document.getElementById("dialog");

export function watchDialog() {
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target !== dialog() || dialog().open) return;
    document.querySelector("[popover='']:popover-open")?.hidePopover(); // the focus is to go back to what opened the menu
    dialog().showModal();
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    // The form itself, which may have been replaced by now; the event then names what is left around it.
    if (!dialog().contains(detail.elt) || detail.requestConfig.elt.closest("[data-stays]")) return;
    if (detail.requestConfig.verb === "post" && detail.successful && detail.xhr.status < 400) dialog().close();
  });
  dialog().addEventListener("close", ({ target }) => target === dialog() && dialog().replaceChildren());
  dialog().addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]") && !isBeside(event)) return;
    event.preventDefault();
    dialog().close();
  });
}

/** The backdrop belongs to the dialog; so does its padding, where a click means nothing. */
function isBeside({ target, clientX, clientY }) {
  const { left, right, top, bottom } = dialog().getBoundingClientRect();
  return target === dialog() && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}
