/** Everybody who has joined, and what their host can do. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { n, number, t, when } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { hasSomebodyBeen } from "../words/standing.js";
import { PersonRow } from "./person.js";

export function PeopleTab() {
  const { status } = useDesk();
  const { members, room } = status;
  const here = members.filter((member) => member.present);
  const away = members.filter((member) => !member.present);
  return html`<div class="column">
    ${
      members.length === 0 &&
      html`<section class="card empty-card">
      <h2>${hasSomebodyBeen(status) ? t("Everybody has left") : t("Nobody has come yet")}</h2>
      <p>${t("Press Invite and show somebody the code.")}</p>
    </section>`
    }
    ${here.length > 0 && html`<${Group} title=${t("Here")} members=${here} />`}
    ${away.length > 0 && html`<${Group} title=${t("Away")} members=${away} />`}
    <${Removed} />
    <p class="hint">
      ${n("{count} person has joined.", "{count} people have joined.", members.length)}
      ${" "}${t("There is room for {most}.", { most: number(room.members_max) })}
    </p>
  </div>`;
}

/** @param {{ title: string, members: import("../contract").Member[] }} props */
function Group({ title, members }) {
  return html`<section class="card">
    <h2>${title}</h2>
    <ul class="people">${members.map((member) => html`<${PersonRow} key=${member.id} member=${member} />`)}</ul>
  </section>`;
}

/** Those who were put out, for as long as they can be let in again. */
function Removed() {
  const { api, status, tell } = useDesk();
  const removed = status.undo.filter(({ kind }) => kind === "remove");
  /** @param {string} id */
  const letIn = async (id) => {
    const answer = await api.ask("POST", `undo/${id}`);
    if (!answer.ok) tell(refusalText(answer.refusal));
  };
  if (removed.length === 0) return null;
  return html`<section class="card">
    <h2>${t("Removed")}</h2>
    <ul class="people">
      ${removed.map(
        ({ id, name, until }) => html`<li class="person is-away" key=${id}>
          <span class="disc" aria-hidden="true"></span>
          <div class="person-words">
            <strong class="person-name"><bdi>${name}</bdi></strong>
            <span class="person-details">${t("until {time}", { time: when(until) })}</span>
          </div>
          <button type="button" class="button-edged" onClick=${() => letIn(id)}>${t("Let in again")}</button>
        </li>`,
      )}
    </ul>
  </section>`;
}
