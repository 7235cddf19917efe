/** First aid, a report for whoever helps, and the room as one file. */

import { html, useRef, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Confirm } from "../parts/confirm.js";
import { DownloadButton } from "../parts/download.js";
import { Icon } from "../parts/icon.js";
import { day, t } from "../translate.js";
import { refusalText } from "../words/refusals.js";

/** @typedef {{ file: File, madeAt: string }} Backup */

const RESTORING = "restore";

export function HelpTab() {
  return html`<div class="column">
    <${QuestionsCard} />
    <${ReportCard} />
    <${BackupCard} />
    <${AboutCard} />
  </div>`;
}

function QuestionsCard() {
  const questions = [
    [
      t("A phone can't open the room"),
      t(
        "Is it in the same Wi-Fi as this computer, and not in a guest one? Is a VPN on? Does this computer's firewall let the program in? Type the address with its numbers if the name does not work.",
      ),
    ],
    [
      t("The assistant doesn't answer"),
      t("Home shows under Health what is wrong and what to do. People can chat all the while."),
    ],
    [
      t("Somebody writes what they should not"),
      t(
        "Under People you can mute or remove them; under History you can forget a message. Safety has the code and the pause.",
      ),
    ],
  ];
  return html`<section class="card">
    <h2>${t("When something does not work")}</h2>
    ${questions.map(([question, answer]) => html`<details class="fold"><summary>${question}</summary><p>${answer}</p></details>`)}
  </section>`;
}

function ReportCard() {
  return html`<section class="card">
    <h2>${t("Ask somebody for help")}</h2>
    <p>${t("The report says how the program is doing. No key, password, code, name or message is in it.")}</p>
    <${DownloadButton} path="report" label=${t("Save report")} />
  </section>`;
}

function BackupCard() {
  const { api, tell } = useDesk();
  const [backup, setBackup] = useState(/** @type {Backup | null} */ (null));
  const [isLooking, setLooking] = useState(false);
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const restore = async () => {
    const file = backup?.file;
    setBackup(null);
    if (!file) return;
    tell(t("One moment…"), RESTORING);
    const refusal = await api.restore(file);
    tell(refusal ? refusalText(refusal) : t("The room is restored and starts anew."), RESTORING);
  };
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const pick = async (event) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (!file) return;
    setLooking(true);
    const answer = await api.lookInto(file);
    setLooking(false);
    if (answer.ok) setBackup({ file, madeAt: answer.value.made_at });
    else tell(refusalText(answer.refusal), RESTORING);
  };
  return html`<section class="card">
    <h2>${t("Backup")}</h2>
    <p>${t("The whole room as one file: messages, people, settings, and the key of your hub. Keep it where only you can read it.")}</p>
    <div class="row">
      <${DownloadButton} path="backup" label=${t("Save backup")} />
      <button type="button" class="button-edged" disabled=${isLooking} onClick=${() => picker.current?.click()}>
        <${Icon} name="renew" /> ${isLooking ? t("One moment…") : t("Restore from a backup…")}
      </button>
      <input class="sr" type="file" accept=".zip,application/zip" tabindex="-1" aria-hidden="true" ref=${picker} onChange=${pick} />
    </div>
    ${
      backup &&
      html`<${Confirm}
      title=${t("Restore the room?")}
      text=${t("What is here now makes way for {name}, made on {day}.", { name: backup.file.name, day: day(backup.madeAt) })}
      yes=${t("Restore")} onYes=${restore} onNo=${() => setBackup(null)}
    />`
    }
  </section>`;
}

function AboutCard() {
  const { app } = useDesk().status;
  return html`<section class="card">
    <h2>${t("About")}</h2>
    <dl class="facts">
      <dt>${t("Version")}</dt><dd><bdi dir="ltr">${app.version}</bdi></dd>
      <dt>${t("Kept in")}</dt><dd><bdi dir="ltr">${app.data_dir}</bdi></dd>
      ${app.log_dir && html`<dt>${t("Log")}</dt><dd><bdi dir="ltr">${app.log_dir}</bdi></dd>`}
    </dl>
  </section>`;
}
