/* The meter follows every answer in every tab. The server says at most once a second that something changed, so a page asks twice. */
import { toast } from "./toast.js";

const AGAIN_MS = 1500;
let timer = 0;
let missed = false;

/** The event `usage`: { warning }, the percent of the plan that were just reached, or 0. */
export function usageChanged({ warning }) {
  if (warning) toast(warning >= 100 ? "Your plan is used up." : `You have used ${warning} % of your plan.`);
  refreshMeter();
  clearTimeout(timer);
  timer = setTimeout(refreshMeter, AGAIN_MS);
}

export function refreshMeter() {
  missed = document.hidden;
  if (!missed) htmx.trigger(document.body, "usage-changed");
}

document.addEventListener("visibilitychange", () => missed && refreshMeter());
