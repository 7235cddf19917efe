/**
 * The page's language: its sentences, its numbers and times.
 *
 * A sentence is looked up by its English form. `make catalogues` finds those in calls of `t` and `n`
 * with their text written out.
 */

/**
 * What the server writes into a page that isn't English.
 *
 * @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Words
 */

/** BCP-47. */
export const LANG = document.documentElement.lang;

/** The reader's own kind of the page's language, for times: who reads English may count to 12 or 24. */
export const LOCALE = navigator.languages.find((tag) => primary(tag) === primary(LANG)) ?? LANG;

/** @type {Words} */
const WORDS = JSON.parse(document.querySelector("#words")?.textContent ?? "{}");
const PLURALS = new Intl.PluralRules(LANG);
const NUMBERS = new Intl.NumberFormat(LOCALE);

/**
 * Returns a sentence in the page's language.
 *
 * @param {string} sentence in English, with `{holes}`
 * @param {Record<string, string | number>} [values] what stands in the holes
 */
export function t(sentence, values = {}) {
  const found = WORDS[sentence];
  return filled(typeof found === "string" ? found : sentence, values);
}

/**
 * Returns the sentence for so many; `{count}` is in it.
 *
 * @param {string} one in English
 * @param {string} many in English
 * @param {number} count
 */
export function n(one, many, count) {
  const found = WORDS[one];
  const english = count === 1 ? one : many;
  const own = typeof found === "object" ? (found[PLURALS.select(count)] ?? found.other) : undefined;
  return filled(own ?? english, { count });
}

/**
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (hole, /** @type {string} */ name) => {
    const value = values[name] ?? hole;
    return typeof value === "number" ? NUMBERS.format(value) : value;
  });
}

/** @param {string} tag */
function primary(tag) {
  return tag.toLowerCase().split("-")[0];
}
