/** Files that the program makes: fetched with the token, then handed to the browser to keep. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { Icon } from "./icon.js";

const RELEASE_MS = 60_000;

/**
 * @param {{ path: string, label: string, class?: string }} props `path` is below `/api/`
 */
export function DownloadButton({ path, label, class: more = "button-edged" }) {
  const { api, tell } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    const answer = await api.file(path);
    setBusy(false);
    if (!answer.ok) return tell(refusalText(answer.refusal), path);
    hand(answer.value);
    // Where it goes, and whether at all, is decided by a question that this page hears nothing of.
    return tell(t("{name} is ready to be saved.", { name: answer.value.name }), path);
  };
  return html`<button type="button" class=${more} disabled=${isBusy} onClick=${download}>
    <${Icon} name="save" /> ${isBusy ? t("One moment…") : label}
  </button>`;
}

/** @param {File} file */
function hand(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  document.body.append(link); // some windows heed only links of their page
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), RELEASE_MS);
}
