/** Languages under their own names. */

/**
 * What the offered languages call themselves: a browser that lacks one names it in its own.
 *
 * @type {Readonly<Record<string, string>>}
 */
const AUTONYMS = Object.freeze({
  en: "English",
  "pt-PT": "Português (Portugal)",
  "pt-BR": "Português (Brasil)",
  fr: "Français",
  de: "Deutsch",
  es: "Español",
  ca: "Català",
  gl: "Galego",
  it: "Italiano",
  nl: "Nederlands",
  da: "Dansk",
  ar: "العربية",
});

/**
 * Returns what a language calls itself; the tag where the browser knows no name.
 *
 * @param {string} tag BCP-47
 * @returns {string}
 */
export function autonym(tag) {
  const own = AUTONYMS[tag];
  if (own) return own;
  try {
    const name = names(tag).of(tag) ?? tag;
    const [first = "", ...rest] = name;
    return first.toLocaleUpperCase(tag) + rest.join("");
  } catch {
    return tag;
  }
}

/**
 * Fills a select with languages under their own names.
 *
 * @param {HTMLSelectElement} select
 * @param {readonly string[]} tags
 * @param {string} chosen added when `tags` has it not
 */
export function fillLanguages(select, tags, chosen) {
  const all = tags.includes(chosen) ? tags : [chosen, ...tags];
  const options = all.map((tag) => {
    const option = new Option(autonym(tag), tag, tag === chosen, tag === chosen);
    option.lang = tag;
    return option;
  });
  select.replaceChildren(...options);
}

/** @param {string} tag */
function names(tag) {
  return new Intl.DisplayNames([tag], { type: "language", languageDisplay: "standard" });
}
