/* The meter follows every answer in every tab. The server says at most once a second that something changed: a page asks twice, and it asks
   when that second is over after its socket has come, since it may have come in the midst of one. */
import { toast } from "./toast.js";

const AGAIN_MS = 1500;
let timer = 0;
let missed = false;

/** The event `usage`: { warning }, the percent of the plan that were just reached, or 0. */
export function usageChanged({ warning }) {
  if (warning) toast(warning >= 100 ? "Your plan is used up." : `You have used ${warning} % of your plan.`);
  refreshMeter();
  refreshMeterLater();
}

export function refreshMeterLater() {
  clearTimeout(timer);
  timer = setTimeout(refreshMeter, AGAIN_MS);
}

function refreshMeter() {
  missed = document.hidden;
  if (!missed) htmx.trigger(document.body, "usage-changed");
}

document.addEventListener("visibilitychange", () => missed && refreshMeter());
