/* Toasts leave after a while, but not while somebody points at one or has the focus in it. */
const LASTS_SECONDS = 8;

export function watchToasts() {
  const place = document.getElementById("toasts");
  new MutationObserver(() => {
    for (const toast of place.querySelectorAll(":scope > :not([data-leaves])")) leaveLater(toast);
  }).observe(place, { childList: true });
}

function leaveLater(toast) {
  toast.dataset.leaves = "";
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (toast.matches(":hover, :focus-within") ? start() : toast.remove()), (toast.dataset.lasts ?? LASTS_SECONDS) * 1000);
  };
  start();
}
