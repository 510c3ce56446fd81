/* Before the page is seen for the first time: it stands where its reader wants to be. Everything else comes after the first sight. */
import { attachScroll } from "./scroll.js";

/** The message that the address asks for, if the page has it. */
export const asked = attachScroll();
