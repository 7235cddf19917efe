/** Times as they are written in the page's language. */

import { LOCALE } from "./translate.js";

const TIME = new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" });
const DAY_AND_TIME = new Intl.DateTimeFormat(LOCALE, {
  dateStyle: "medium",
  timeStyle: "short",
});

/**
 * Writes a moment: today's as a time, an older one with its day.
 *
 * @param {string} moment RFC 3339
 * @returns {string}
 */
export function when(moment) {
  const date = new Date(moment);
  const isToday = date.toDateString() === new Date().toDateString();
  return (isToday ? TIME : DAY_AND_TIME).format(date);
}

/**
 * Writes a moment with its day.
 *
 * @param {string} moment RFC 3339
 * @returns {string}
 */
export function dayAndTime(moment) {
  return DAY_AND_TIME.format(new Date(moment));
}
