/** The first tab: everything at a glance. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Invitation } from "../parts/invitation.js";
import { n, t } from "../translate.js";
import { hasSomebodyBeen } from "../words/standing.js";
import { HealthCard } from "./health.js";
import { NowCard } from "./now.js";
import { PersonRow } from "./person.js";
import { TodayCard } from "./today.js";

/** @import { Status } from "../contract" */

/** People that the card shows; the tab has all. */
const SHOWN = 5;

/** @param {{ onGo: (tab: string) => void }} props */
export function HomeTab({ onGo }) {
  const { status, go } = useDesk();
  return html`
    ${
      !status.app.set_up &&
      html`<section class="card unfinished">
      <p>${t("The room works already. A few questions are still open.")}</p>
      <button type="button" class="button-edged" onClick=${() => go("wizard")}>${t("Finish setting up")}</button>
    </section>`
    }
    <div class="cards">
      <section class="card card-invite" aria-labelledby="invite-title">
        <h2 id="invite-title">${t("Invite people")}</h2>
        <${Invitation} />
      </section>
      <${PeopleCard} onGo=${onGo} />
      <${NowCard} />
      <${HealthCard} />
      <${TodayCard} />
    </div>
  `;
}

/** @param {{ onGo: (tab: string) => void }} props */
function PeopleCard({ onGo }) {
  const { status } = useDesk();
  const { members } = status;
  const present = members.filter((member) => member.present);
  const shown = [...present, ...members.filter((member) => !member.present)].slice(0, SHOWN);
  return html`<section class="card card-people" aria-labelledby="people-title">
    <h2 id="people-title">
      ${present.length ? n("{count} person here", "{count} people here", present.length) : t("People")}
    </h2>
    ${shown.length === 0 && html`<p class="empty">${emptyText(status)}</p>`}
    <ul class="people">${shown.map((member) => html`<${PersonRow} key=${member.id} member=${member} />`)}</ul>
    ${
      members.length > SHOWN &&
      html`<button type="button" class="button-quiet" onClick=${() => onGo("people")}>
      ${n("Show {count} person", "Show all {count} people", members.length)}
    </button>`
    }
  </section>`;
}

/** @param {Status} status */
function emptyText(status) {
  return hasSomebodyBeen(status)
    ? t("Everybody has left. Show somebody the code.")
    : t("Nobody has come yet. Show somebody the code.");
}
