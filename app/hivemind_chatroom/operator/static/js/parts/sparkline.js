/** A day in a small line: 24 hours, one point each. */

import { html } from "../../vendor/htm-preact-standalone.module.js";

const WIDTH = 96;
const HEIGHT = 28;
const PAD = 2;

/**
 * @param {{ values: readonly (number | null)[], label: string }} props an hour without a value
 *   breaks the line
 */
export function Sparkline({ values, label }) {
  const isQuiet = !values.some(Boolean);
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const step = (WIDTH - 2 * PAD) / Math.max(1, values.length - 1);
  const points = values.map((value, hour) => {
    const x = PAD + hour * step;
    return value === null ? null : { x, y: HEIGHT - PAD - (value / most) * (HEIGHT - 2 * PAD) };
  });
  const path = points
    .map((point, hour) => {
      if (!point) return "";
      const from = points[hour - 1] ? "L" : "M";
      return `${from}${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
    })
    .join("");
  const alone = points.filter((point, hour) => point && !points[hour - 1] && !points[hour + 1]);
  return html`<svg class="sparkline" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${label}>
    <path class="sparkline-ground" d=${`M0 ${HEIGHT - 1}H${WIDTH}`} />
    ${!isQuiet && html`<path d=${path} />`}
    ${alone.map((point) => html`<circle cx=${point?.x} cy=${point?.y} r="1.5" />`)}
  </svg>`;
}
