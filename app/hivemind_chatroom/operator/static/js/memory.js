/** What a reload must not lose, such as the step of the wizard; never a secret. */

/**
 * @param {string} name
 * @returns {string} empty when nothing is kept
 */
export function recall(name) {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return ""; // a window without storage: then a reload begins anew
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function keep(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    return; // as above
  }
}
