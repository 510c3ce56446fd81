/* A list of conversations on a page of its own: ticking, and menus that close. It works without this file. */
import "./menu.js";
import { attachPicks } from "./picks.js";

const form = document.getElementById("bulk");
if (form) attachPicks(document.getElementById("main"), form);
