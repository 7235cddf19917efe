/** The marks that this browser puts on what it sends. */

const BYTES = 12;

/**
 * Makes an id that no other line will have.
 *
 * Plain http has no `crypto.randomUUID`; `getRandomValues` is there everywhere.
 *
 * @returns {string} hexadecimal
 */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
