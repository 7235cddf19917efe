/** The head of the dashboard: how room and assistant stand, and what a host does most. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Dialog } from "../parts/confirm.js";
import { Icon } from "../parts/icon.js";
import { Invitation } from "../parts/invitation.js";
import { duration, t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { hubTone, hubWord } from "../words/standing.js";

/** @import { Tone } from "../words/standing.js" */

export function Head() {
  const { status, isLost, api, tell } = useDesk();
  const [isInviting, setInviting] = useState(false);
  const { room, hub } = status;
  const pause = async () => {
    const answer = await api.ask("POST", "pause", { paused: !room.paused });
    if (!answer.ok) tell(refusalText(answer.refusal));
  };
  const latency =
    hub.state === "connected" && hub.latency_ms !== null ? duration(hub.latency_ms) : "";
  return html`<header class="head">
    <h1><bdi>${room.name}</bdi></h1>
    <div class="standings">
      ${
        isLost
          ? html`<${Standing} tone="bad" name=${t("Program")} word=${t("doesn't answer")} />`
          : html`
        <${Standing} tone=${room.paused ? "waits" : "good"} name=${t("Room")}
          word=${room.paused ? t("paused") : t("open")} />
        <${Standing} tone=${hubTone(hub)} name=${t("Assistant")} word=${hubWord(hub)} more=${latency} />
      `
      }
    </div>
    <div class="row head-buttons">
      <button type="button" class="button-edged" onClick=${pause}>
        <${Icon} name=${room.paused ? "play" : "pause"} /> ${room.paused ? t("Go on") : t("Pause")}
      </button>
      <button type="button" class="button" onClick=${() => setInviting(true)}>
        <${Icon} name="invite" /> ${t("Invite")}
      </button>
    </div>
    ${
      isInviting &&
      html`<${Dialog} title=${t("Invite people")} class="dialog-wide" onClose=${() => setInviting(false)}>
      <${Invitation} />
      <div class="row row-end">
        <button type="button" class="button" onClick=${() => setInviting(false)}>${t("Close")}</button>
      </div>
    </${Dialog}>`
    }
  </header>`;
}

/** @param {{ tone: Tone, name: string, word: string, more?: string }} props */
function Standing({ tone, name, word, more = "" }) {
  return html`<p class="standing">
    <span class=${`dot dot-${tone}`}></span>
    <span>${name} <strong>${word}</strong> ${more && html`<span class="muted">${more}</span>`}</span>
  </p>`;
}
