/** What happens in the room at this moment, newest first. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Icon } from "../parts/icon.js";
import { withTick } from "../parts/inputs.js";
import { t, when } from "../translate.js";
import { happeningText } from "../words/happenings.js";

export function NowCard() {
  const { now } = useDesk().status;
  const [isNarrow, setNarrow] = useState(false);
  const shown = now.filter((each) => !isNarrow || each.is_problem).reverse();
  return html`<section class="card card-now" aria-labelledby="now-title">
    <div class="card-head">
      <h2 id="now-title">${t("Now")}</h2>
      <label class="tick tick-small">
        <input
          type="checkbox" checked=${isNarrow}
          onChange=${withTick(setNarrow)}
        />
        <span>${t("Only problems")}</span>
      </label>
    </div>
    ${
      shown.length === 0 &&
      html`<p class="empty">
      ${isNarrow ? t("No problems. All is well.") : t("Nothing has happened yet.")}
    </p>`
    }
    <ol class="happenings" tabindex="0" aria-labelledby="now-title">
      ${shown.map(
        (each) => html`<li class=${each.is_problem ? "happening is-problem" : "happening"}>
          <time datetime=${each.at}>${when(each.at)}</time>
          ${each.is_problem && html`<${Icon} name="warn" /><span class="sr">${t("Problem")}</span>`}
          <span class="happening-words">${happeningText(each)}</span>
        </li>`,
      )}
    </ol>
  </section>`;
}
