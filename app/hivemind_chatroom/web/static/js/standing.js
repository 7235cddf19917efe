/** How things stand in the room: what a tab that comes later has to be told first. */

/** @import { Member, RoomEvent } from "./contract" */

export class Standing {
  /** @type {Map<string, RoomEvent>} the newest of those that say it all by themselves */
  #newest = new Map();
  /** @type {Map<string, Member>} in the order of arrival */
  #members = new Map();
  /** @type {Set<number>} the messages that the assistant works on */
  #thinking = new Set();

  /**
   * Takes in what the room tells.
   *
   * @param {RoomEvent} event
   */
  take(event) {
    if (event.name === "members") {
      if (event.data.complete) this.#members.clear();
      for (const id of event.data.gone) this.#members.delete(id);
      for (const member of event.data.members) this.#members.set(member.id, member);
    } else if (event.name === "thinking") {
      if (event.data.on) this.#thinking.add(event.data.message_id);
      else this.#thinking.delete(event.data.message_id);
    } else if (event.name === "room") {
      const { newest: _, ...data } = event.data; // a tab that comes later begins elsewhere
      this.#newest.set("room", { name: "room", data });
    } else {
      this.#newest.set(event.name, event);
    }
  }

  /** A stream begins: it tells of all that is thought about, and not of what has ended. */
  begin() {
    this.#thinking.clear();
  }

  /**
   * Returns the events that tell it all.
   *
   * @returns {RoomEvent[]}
   */
  told() {
    /** @type {RoomEvent[]} */
    const thoughts = [...this.#thinking].map((message_id) => ({
      name: "thinking",
      data: { message_id, on: true },
    }));
    const members = [...this.#members.values()];
    return [
      ...this.#newest.values(),
      { name: "members", data: { members, gone: [], complete: true } },
      ...thoughts,
    ];
  }
}
