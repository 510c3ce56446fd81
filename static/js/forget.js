/* Signing out leaves nothing of what somebody typed on this device. For every page that has the button. */
addEventListener(
  "submit",
  ({ target }) => {
    if (!target.action.endsWith("/accounts/logout/")) return;
    document.dispatchEvent(new CustomEvent("chat:leaving"));
    for (const name of Object.keys(localStorage)) if (/^(draft|queued):/.test(name)) localStorage.removeItem(name);
  },
  true,
);
