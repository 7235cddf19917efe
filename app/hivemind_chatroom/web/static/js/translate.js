/**
 * The page's language: its sentences, its numbers and times.
 *
 * A sentence is looked up by its English form when the scripts are sent (web/bundles.py): what arrives
 * here is in the reader's language. `make catalogues` finds those in calls of `t` and `n` with their
 * text written out.
 */

/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Forms */

/** BCP-47. */
export const LANG = document.documentElement.lang;

/** The reader's own kind of the page's language, for times: who reads English may count to 12 or 24. */
export const LOCALE = navigator.languages.find((tag) => primary(tag) === primary(LANG)) ?? LANG;

const PLURALS = new Intl.PluralRules(LANG);
const NUMBERS = new Intl.NumberFormat(LOCALE);

/**
 * Returns a sentence with its holes filled.
 *
 * @param {string} sentence with `{holes}`
 * @param {Record<string, string | number>} [values] what stands in the holes
 */
export function t(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (hole, /** @type {string} */ name) => {
    const value = values[name] ?? hole;
    return typeof value === "number" ? NUMBERS.format(value) : value;
  });
}

/**
 * Returns the sentence for so many; `{count}` is in it.
 *
 * @param {string | Forms} one in English; in another language all forms that it counts in
 * @param {string} many in English
 * @param {number} count
 */
export function n(one, many, count) {
  const forms = typeof one === "string" ? { one, other: many } : one;
  return t(forms[PLURALS.select(count)] ?? forms.other, { count });
}

/**
 * Returns the language without its region.
 *
 * @param {string} tag BCP-47
 */
export function primary(tag) {
  return tag.toLowerCase().split("-")[0];
}
