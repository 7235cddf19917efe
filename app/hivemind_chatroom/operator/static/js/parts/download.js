/** Files that the program makes: fetched with the token, then handed to the browser to keep. */

import { html, useEffect, useState } from "../../vendor/htm-preact-standalone.module.js";
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
    const { name } = answer.value;
    hand(answer.value);
    // Whether it is kept may be asked now; only some windows tell what came of that.
    return tell(t("{name} is ready to be saved.", { name }), name);
  };
  return html`<button type="button" class=${more} disabled=${isBusy} onClick=${download}>
    <${Icon} name="save" /> ${isBusy ? t("One moment…") : label}
  </button>`;
}

/**
 * Tells what has become of files, where the window lets the page know (docs/operator-api.md).
 *
 * @param {(text: string, about: string) => void} tell
 */
export function useOutcomes(tell) {
  useEffect(() => {
    /** @param {Event} event */
    const hear = (event) => {
      if (!(event instanceof CustomEvent)) return;
      const { name, outcome } = event.detail;
      tell(outcomeText(name, outcome), name);
    };
    addEventListener("download", hear);
    return () => removeEventListener("download", hear);
  }, [tell]);
}

/**
 * @param {string} name
 * @param {"saved" | "cancelled" | "failed"} outcome
 */
function outcomeText(name, outcome) {
  switch (outcome) {
    case "saved":
      return t("{name} is saved.", { name });
    case "cancelled":
      return t("{name} was not saved.", { name });
    case "failed":
      return t("{name} could not be saved.", { name });
  }
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
