/** Printing the sheet, with the home's Wi-Fi on it if somebody gives its name and password. */

import { html, useEffect, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { t } from "../translate.js";
import { refusalText } from "../words/refusals.js";
import { Icon } from "./icon.js";
import { withValue } from "./inputs.js";

/** @import { Answer } from "../contract" */
/** @import { Child } from "../../vendor/htm-preact-standalone.module.js" */

/** Of a Wi-Fi's name and password; see the operator's API. */
const NAME_MOST = 32;
const PASSWORD_MOST = 64;

/** @param {{ children?: Child }} props what stands beside the button */
export function Printing({ children }) {
  const { api, setWifi, tell } = useDesk();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [times, setTimes] = useState(0);
  useEffect(() => {
    // By now the page has the sheet as it is to be.
    if (times) void printSheet();
  }, [times]);
  const start = async () => {
    if (name) {
      const answer = /** @type {Answer<{ qr_svg: string }>} */ (
        await api.ask("POST", "invite/wifi", { name, password })
      );
      if (!answer.ok) {
        tell(refusalText(answer.refusal));
        return;
      }
      setWifi({ name, qr_svg: answer.value.qr_svg });
    } else {
      setWifi(null);
    }
    setTimes(times + 1);
  };
  return html`
    <div class="row">
      <button type="button" class="button-edged" onClick=${start}>
        <${Icon} name="print" /> ${t("Print sheet")}
      </button>
      ${children}
    </div>
    <details class="fold">
      <summary>${t("Wi-Fi on the sheet")}</summary>
      <div class="wifi">
        <p class="hint">${t("The sheet gets a second QR code, which takes phones into your Wi-Fi. What you type here is not kept.")}</p>
        <label>${t("Name of the Wi-Fi")}
          <input dir="auto" maxlength=${NAME_MOST} autocomplete="off" spellcheck=${false}
            value=${name} onInput=${withValue(setName)} /></label>
        <label>${t("Password of the Wi-Fi")}
          <input class="masked" dir="ltr" spellcheck=${false} maxlength=${PASSWORD_MOST} autocomplete="off"
            value=${password} onInput=${withValue(setPassword)} /></label>
      </div>
    </details>
  `;
}

async function printSheet() {
  const drawings = [...document.querySelectorAll(".sheet img")];
  // Not every browser decodes what it doesn't show; it then does when it prints.
  await Promise.allSettled(
    drawings.map((each) => each instanceof HTMLImageElement && each.decode()),
  );
  print();
}
