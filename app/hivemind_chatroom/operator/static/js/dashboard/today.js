/** The day in figures. */

import { html } from "../../vendor/htm-preact-standalone.module.js";
import { useDesk } from "../desk.js";
import { Sparkline } from "../parts/sparkline.js";
import { duration, number, percent, t } from "../translate.js";

export function TodayCard() {
  const { today } = useDesk().status;
  const answered = today.asked ? percent(today.answered / today.asked) : "–";
  const median = today.median_ms === null ? "–" : duration(today.median_ms);
  return html`<section class="card card-today" aria-labelledby="today-title">
    <h2 id="today-title">${t("Today")}</h2>
    <dl class="figures">
      <${Figure} name=${t("asked")} value=${number(today.asked)} hours=${today.asked_by_hour} />
      <${Figure} name=${t("answered")} value=${answered} hours=${today.answered_by_hour} />
      <${Figure} name=${t("usual time to an answer")} value=${median} hours=${today.median_ms_by_hour} />
      <${Figure} name=${t("people who said something")} value=${number(today.people)} />
    </dl>
  </section>`;
}

/** @param {{ name: string, value: string, hours?: (number | null)[] }} props */
function Figure({ name, value, hours }) {
  return html`<div class="figure">
    <dd>${value}</dd>
    <dt>${name}</dt>
    ${hours && html`<dd class="figure-line"><${Sparkline} values=${hours} label=${t("{name}, hour by hour", { name })} /></dd>`}
  </div>`;
}
