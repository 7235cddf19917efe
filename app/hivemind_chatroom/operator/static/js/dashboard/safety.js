/** Who may come in, how long things are kept, and how all of it is forgotten. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Confirm } from "../parts/confirm.js";
import { Field, Select, Switch, TextSetting, useSaving } from "../parts/fields.js";
import { Icon } from "../parts/icon.js";
import { KEEP_CHOICES, keepText } from "../parts/keeping.js";
import { LockOut } from "../parts/lockout.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";

const MEMBERS_MOST = 1_000;
const MESSAGES_MOST = 10_000_000;

export function SafetyTab() {
  return html`<div class="column">
    <${CodeCard} />
    <${PauseCard} />
    <${KeepCard} />
    <${ForgetCard} />
  </div>`;
}

function CodeCard() {
  const { api, settings, tell } = useDesk();
  const saving = useSaving();
  const [isAsking, setAsking] = useState(false);
  const isFixed = Boolean(settings.fixed.code);
  const renew = async () => {
    setAsking(false);
    const answer = await api.ask("POST", "invite/rotate");
    tell(
      answer.ok
        ? t("The room has a new code. Old sheets no longer work.")
        : refusalText(answer.refusal),
    );
  };
  return html`<section class="card">
    <h2>${t("Who may come in")}</h2>
    <${Switch}
      label=${t("Ask for a code")} isOn=${Boolean(settings.code)} disabled=${isFixed}
      hint=${settings.code ? t("Who is in already stays in.") : t("Everybody on your network may come in.")}
      onChange=${(isOn) => (isOn ? renew() : saving.save({ code: "" }))}
    />
    ${
      settings.code &&
      html`<div class="pair">
      <${TextSetting} setting="code" label=${t("Code")} hint=${t("4 to 12 digits.")} />
      <button type="button" class="button-edged" disabled=${isFixed} onClick=${() => setAsking(true)}>
        <${Icon} name="renew" /> ${t("New code…")}
      </button>
    </div>`
    }
    ${
      isAsking &&
      html`<${Confirm}
      title=${t("A new code?")}
      text=${t("The invitations you have given out stop working: printed sheets, QR codes, the old code. People who are in stay in.")}
      yes=${t("Make a new code")} onYes=${renew} onNo=${() => setAsking(false)}
    />`
    }
    <${LockOut} />
    <${TextSetting} setting="members_max" type="number" min=${1} max=${MEMBERS_MOST} label=${t("How many people at most")} />
    <p class=${saving.isBad ? "result result-bad" : "result"} role="status">${saving.result}</p>
  </section>`;
}

function PauseCard() {
  const { api, status, tell } = useDesk();
  /** @param {boolean} paused */
  const pause = async (paused) => {
    const answer = await api.ask("POST", "pause", { paused });
    if (!answer.ok) tell(refusalText(answer.refusal));
  };
  return html`<section class="card">
    <h2>${t("Quiet time")}</h2>
    <${Switch}
      label=${t("Pause the room")} isOn=${status.room.paused} onChange=${pause}
      hint=${t("People can read and not write. At dinner, or at bedtime.")}
    />
  </section>`;
}

function KeepCard() {
  const { settings } = useDesk();
  const saving = useSaving();
  const days = settings.keep_days;
  const choices = (KEEP_CHOICES.includes(days) ? KEEP_CHOICES : [days, ...KEEP_CHOICES]).map(
    (each) => /** @type {const} */ ([String(each), keepText(each)]),
  );
  return html`<section class="card">
    <h2>${t("How long things are kept")}</h2>
    <${Field} id="safety-days" label=${t("Keep what is said")} setting="keep_days" ...${saving}>
      <${Select}
        id="safety-days" value=${String(days)} choices=${choices} disabled=${Boolean(settings.fixed.keep_days)}
        onChange=${(value) => saving.save({ keep_days: Number(value) })}
      />
    </${Field}>
    <${TextSetting} setting="keep_messages" type="number" min=${1} max=${MESSAGES_MOST} label=${t("How many messages at most")} />
  </section>`;
}

function ForgetCard() {
  const { api, tell } = useDesk();
  const [isAsking, setAsking] = useState(false);
  const forget = async () => {
    setAsking(false);
    const answer = await api.ask("DELETE", "messages");
    tell(answer.ok ? t("All messages are forgotten.") : refusalText(answer.refusal));
  };
  return html`<section class="card">
    <h2>${t("Forget everything that was said")}</h2>
    <p>${t("For everybody, private questions too. People stay in the room.")}</p>
    <button type="button" class="button-edged is-bad" onClick=${() => setAsking(true)}>
      <${Icon} name="remove" /> ${t("Forget all messages…")}
    </button>
    ${
      isAsking &&
      html`<${Confirm}
      title=${t("Forget all messages?")} text=${t("They disappear for everybody, and can't be brought back.")}
      yes=${t("Forget all")} onYes=${forget} onNo=${() => setAsking(false)}
    />`
    }
  </section>`;
}
