/* The gallery for developers: what scripts put into a page, put there by the same scripts. */
import { fill, wordsOfEnd, wordsOfLoss } from "./connection.js";

for (const box of document.querySelectorAll("[data-connection]")) {
  const { connection } = box.dataset;
  fill(box, ...(/^\d+$/.test(connection) ? wordsOfEnd(connection) : wordsOfLoss(connection === "lost")));
}
