/* Where sentences end, in a text that may still grow. */

// A stop that more text may follow: with its closing quotes, and the space behind it. Ideographic stops need no space.
const STOP = /[.!?…]+["'”’»)\]]*(?=\s)|[。！？｡][」』”’）]*(?=[^」』”’）])|[।؟۔](?=\s)/gu;
// Words with a full stop of their own.
const ABBREVIATION =
  /(?:^|[\s(["'“‘«])(?:\p{L}|(?:\p{L}\.){1,3}\p{L}|approx|bzw|ca|cf|Dr|ed|eds|Fig|fig|Inc|Jr|Ltd|Mr|Mrs|Ms|No|Nr|pp|Prof|Sr|St|usw|vgl|vol|vs)\.$/u;

/** The whole sentences that a text begins with, as one text. Where its last one ends can only be told by what comes next. */
export function finishedSentences(text) {
  let end = 0;
  for (const stop of text.matchAll(STOP)) {
    const place = stop.index + stop[0].length;
    if (isEnd(text.slice(end, place), text.slice(place), stop[0])) end = place;
  }
  return text.slice(0, end);
}

function isEnd(sentence, rest, stop) {
  if (/^[。！？｡।؟۔]/u.test(stop)) return true;
  const next = rest.trimStart().replace(/^["'“‘«(\[]+/u, "");
  if (!next) return false;
  return !(stop.startsWith(".") && (/^\p{Ll}/u.test(next) || ABBREVIATION.test(sentence.trimStart())));
}
