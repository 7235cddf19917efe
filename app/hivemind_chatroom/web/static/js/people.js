/** Who is in the room. */

import { autonym } from "./languages.js";
import { copy, find } from "./markup.js";
import { AWAY, peopleHere, YOU } from "./words.js";

/** @import { Member, Members } from "./contract" */

export class People {
  #list;
  #count;
  #countWords;
  #readerId;
  /** @type {Map<string, Member>} in the order of arrival */
  #members = new Map();
  /** @type {Map<string, number>} of everybody seen: the lines of those who left are there */
  #colors = new Map();

  /**
   * @param {ParentNode} root
   * @param {string} readerId
   */
  constructor(root, readerId) {
    this.#list = find(root, "#people ul", HTMLUListElement);
    this.#count = find(root, "#people-count", HTMLElement);
    this.#countWords = find(root, "#people-button .sr", HTMLElement);
    this.#readerId = readerId;
  }

  /**
   * Returns the hue of a member's avatar; undefined for whoever was never seen.
   *
   * @param {string} memberId
   */
  colorOf(memberId) {
    return this.#colors.get(memberId);
  }

  /**
   * Takes in who came, went, left or is called otherwise.
   *
   * @param {Members} news
   */
  show(news) {
    if (news.complete) this.#members.clear();
    for (const id of news.gone) this.#members.delete(id);
    for (const member of news.members) {
      this.#members.set(member.id, member);
      this.#colors.set(member.id, member.color);
    }
    this.#draw();
  }

  /** Shows everybody, those who are present first. */
  #draw() {
    const members = [...this.#members.values()];
    const present = members.filter((member) => this.#isPresent(member));
    const others = members.filter((member) => !this.#isPresent(member));
    this.#list.replaceChildren(...[...present, ...others].map((member) => this.#row(member)));
    this.#count.textContent = String(present.length);
    this.#countWords.textContent = peopleHere(present.length);
  }

  /** @param {Member} member */
  #isPresent(member) {
    return member.present || member.id === this.#readerId;
  }

  /** @param {Member} member */
  #row(member) {
    const row = copy("person-template");
    row.dataset["color"] = String(member.color);
    row.classList.toggle("is-away", !this.#isPresent(member));
    find(row, ".disc", HTMLElement).textContent = initial(member.name);
    find(row, "bdi", HTMLElement).textContent = member.name;
    const details = [autonym(member.lang)];
    if (member.id === this.#readerId) details.unshift(YOU);
    if (!this.#isPresent(member)) details.push(AWAY);
    find(row, ".person-details", HTMLElement).textContent = details.join(" · ");
    return row;
  }
}

/**
 * Returns what stands on a member's disc.
 *
 * @param {string} name
 */
export function initial(name) {
  return [...name][0]?.toLocaleUpperCase() ?? "";
}
