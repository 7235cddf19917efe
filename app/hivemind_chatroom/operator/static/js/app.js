/** The whole page: the wizard until the room is set up, and then the dashboard. */

import { html, useState } from "../vendor/htm-preact-standalone.module.js";
import { Dashboard } from "./dashboard/dashboard.js";
import { DeskProvider, useFetched, useLive } from "./desk.js";
import { keep, recall } from "./memory.js";
import { useOutcomes } from "./parts/download.js";
import { Notice } from "./parts/notice.js";
import { Toasts, useToasts } from "./parts/toasts.js";
import { t } from "./translate.js";
import { Wizard } from "./wizard/wizard.js";

/** @import { Api } from "./api.js" */
/** @import { Settings, Wifi } from "./contract" */
/** @import { Desk } from "./desk.js" */

const PLACE = "place";

/** @param {{ api: Api }} props */
export function App({ api }) {
  const { status, connection } = useLive(api);
  const room = status?.room;
  const [settings, setSettings] = /** @type {[Settings | null, (to: Settings) => void]} */ (
    useFetched(api, "settings", [room?.name, room?.code, room?.paused])
  );
  const [place, setPlace] = useState(recall(PLACE));
  const [wifi, setWifi] = useState(/** @type {Wifi | null} */ (null));
  const toasts = useToasts();
  useOutcomes(toasts.tell);

  if (connection === "locked") return html`<${Locked} />`;
  if (!status || !settings) return html`<${Opening} isLost=${connection === "lost"} />`;

  /** @type {Desk} */
  const desk = {
    api,
    status,
    isLost: connection === "lost",
    settings,
    tell: toasts.tell,
    offerUndo: toasts.offerUndo,
    wifi,
    setWifi,
    async change(some) {
      // At once, so that no switch jumps back when the status is told meanwhile.
      setSettings({ ...settings, ...some });
      const answer = await api.ask("PATCH", "settings", some);
      if (!answer.ok) {
        setSettings(settings);
        return answer.refusal;
      }
      setSettings(/** @type {Settings} */ (answer.value));
      return null;
    },
    go(where) {
      keep(PLACE, where);
      setPlace(where);
    },
  };
  const isUnfinished = !status.app.set_up && !settings.set_up_later;
  const isWizard = place === "wizard" || (place !== "room" && isUnfinished);
  return html`<${DeskProvider} value=${desk}>
    ${desk.isLost && html`<${LostBanner} />`}
    ${isWizard ? html`<${Wizard} />` : html`<${Dashboard} />`}
    <${Toasts} toasts=${toasts} />
  </${DeskProvider}>`;
}

function LostBanner() {
  return html`<p class="banner" role="status">
    ${t("The program doesn't answer.")} ${lostText()}
  </p>`;
}

function lostText() {
  return t(
    "If it is only busy, this page comes back by itself. If it was closed, start it again and go on in the window that it opens, or at the address that it prints: each start has a new one.",
  );
}

/** @param {{ isLost: boolean }} props */
function Opening({ isLost }) {
  return isLost
    ? html`<${Notice} title=${t("The program doesn't answer")}>
        ${lostText()}
      </${Notice}>`
    : html`<main class="opening" aria-busy="true"><p>${t("Opening…")}</p></main>`;
}

function Locked() {
  return html`<${Notice} title=${t("This page needs its key")}>
    ${t("Open it from the program's window, or by the whole address that the program has printed, with all that stands behind the #. Each start of the program makes a new one.")}
  </${Notice}>`;
}
