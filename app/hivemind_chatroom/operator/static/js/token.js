/** What opens the operator's API: it comes behind the `#` of the address, and does not stay there. */

/** Takes the token out of the address bar, and so out of the history. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("k") ?? "";
  history.replaceState(null, "", location.pathname);
  return token;
}

/**
 * Loads the page anew, as a page in another language.
 *
 * @param {string} token for the new page, which takes it out of the address at once
 */
export function startAnew(token) {
  history.replaceState(null, "", `${location.pathname}#k=${encodeURIComponent(token)}`);
  location.reload();
}
