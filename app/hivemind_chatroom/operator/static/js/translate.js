/**
 * The page's language: its sentences, its numbers and times.
 *
 * A sentence is looked up by its English form, written out in a call of `t` or `n`: there
 * `make catalogues` finds it. The server has chosen the language; another one is a new page.
 */

/** @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Words */

const SOURCE = "en";

/** Around what stands in a hole and may be written in the other direction (Unicode: FSI, PDI). */
const ISOLATE = "\u2068";
const END_ISOLATE = "\u2069";

/** BCP-47. */
export const LANG = document.documentElement.lang;

const IS_MIRRORED = document.documentElement.dir === "rtl";

/** From whom to whom, in the direction of the page. */
export const ARROW = IS_MIRRORED ? "←" : "→";

/** A letter that is written from right to left, in the blocks of living scripts. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** The reader's own kind of the page's language, for times: who reads English may count to 12. */
export const LOCALE = navigator.languages.find((tag) => primary(tag) === primary(LANG)) ?? LANG;

const WORDS = await wordsOf(LANG);
const PLURALS = new Intl.PluralRules(LANG);
const NUMBERS = new Intl.NumberFormat(LOCALE);
const TIME = new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" });
const DAY_AND_TIME = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
const PERCENT = new Intl.NumberFormat(LOCALE, { style: "percent" });
const SECONDS = new Intl.NumberFormat(LOCALE, {
  style: "unit",
  unit: "second",
  maximumFractionDigits: 1,
});
const MILLISECONDS = new Intl.NumberFormat(LOCALE, {
  style: "unit",
  unit: "millisecond",
  maximumFractionDigits: 0,
});

/** Above this, a duration is told in seconds. */
const SECOND_MS = 1_000;

const LIST = new Intl.ListFormat(LANG);

/** Units of what a disk holds, each a thousand of the one before. */
const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

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
 * Writes a moment: today's as a time, an older one with its day.
 *
 * @param {string} moment RFC 3339
 */
export function when(moment) {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? TIME.format(date) : day(moment);
}

/**
 * Writes a moment with its day, today's too.
 *
 * @param {string} moment RFC 3339
 */
export function day(moment) {
  return DAY_AND_TIME.format(new Date(moment));
}

/** @param {number} ms a duration in milliseconds */
export function duration(ms) {
  return ms < SECOND_MS ? MILLISECONDS.format(ms) : SECONDS.format(ms / SECOND_MS);
}

/** @param {number} part from 0 to 1 */
export function percent(part) {
  return PERCENT.format(part);
}

/** @param {string[]} names one after the other, with "and" before the last */
export function list(names) {
  return LIST.format(names);
}

/** @param {number} count */
export function number(count) {
  return NUMBERS.format(count);
}

/** @param {number} count */
export function bytes(count) {
  const step = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  const unit = BYTE_UNITS[step] ?? "byte";
  const format = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(LOCALE, /** @type {Intl.NumberFormatOptions} */ (format)).format(
    count / 1_000 ** step,
  );
}

/**
 * What the offered languages call themselves: a browser that lacks one names it in its own.
 *
 * @type {Readonly<Record<string, string>>}
 */
const AUTONYMS = Object.freeze({ ca: "Català", gl: "Galego" });

/**
 * Returns what a language calls itself; the tag where the browser knows no name.
 *
 * @param {string} tag BCP-47
 */
export function autonym(tag) {
  const own = AUTONYMS[tag];
  if (own) return own;
  try {
    const names = new Intl.DisplayNames([tag], { type: "language", languageDisplay: "standard" });
    const [first = "", ...rest] = names.of(tag) ?? tag;
    return first.toLocaleUpperCase(tag) + rest.join("");
  } catch {
    return tag;
  }
}

/**
 * @param {string} lang
 * @returns {Promise<Words>}
 */
async function wordsOf(lang) {
  if (lang === SOURCE) return {};
  try {
    const response = await fetch(`/words/${lang}.json`);
    return response.ok ? await response.json() : {};
  } catch {
    return {};
  }
}

/**
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 */
function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (hole, /** @type {string} */ name) => {
    const value = values[name] ?? hole;
    if (typeof value === "number") return NUMBERS.format(value);
    const isMixed = IS_MIRRORED || RIGHT_TO_LEFT.test(value);
    return isMixed ? `${ISOLATE}${value}${END_ISOLATE}` : value;
  });
}

/** @param {string} tag */
function primary(tag) {
  return tag.toLowerCase().split("-")[0];
}
