/** Whoever reads: their name and language, and what they can do with a line. */

/** @import { Api } from "./api.js" */
/** @import { Member, Refusal } from "./contract" */
/** @import { People } from "./people.js" */
/** @import { Speech } from "./speech.js" */

/**
 * Whoever reads a line: what it needs to know of them and of the people in it, and what they can do.
 *
 * @typedef {object} Reader
 * @property {string} id
 * @property {string} name
 * @property {string} lang
 * @property {(memberId: string) => number | undefined} colorOf
 * @property {(lang: string) => boolean} speaks there is a voice to read aloud with
 * @property {(moment: string) => number} ageOf milliseconds since a moment of the room's
 * @property {(messageId: number) => Promise<Refusal | null>} askAgain
 * @property {(messageId: number) => Promise<Refusal | null>} remove
 */

/**
 * Returns who reads; what changes about them is to be put into it.
 *
 * @param {Member} member
 * @param {Api} api
 * @param {People} people
 * @param {Speech} speech
 * @param {(messageId: number) => void} onRemoved a message of the reader's own is gone
 * @returns {Reader}
 */
export function readerOf(member, api, people, speech, onRemoved) {
  return {
    ...member,
    colorOf: (id) => people.colorOf(id),
    speaks: (lang) => speech.speaks(lang),
    ageOf: (moment) => api.ageOf(moment),
    askAgain: async (id) => {
      const answer = await api.askAgain(id);
      return answer.ok ? null : answer.refusal;
    },
    remove: async (id) => {
      const answer = await api.remove(id);
      const isGone = answer.ok || answer.refusal.code === "not_found";
      if (isGone) onRemoved(id);
      return isGone ? null : answer.refusal;
    },
  };
}
