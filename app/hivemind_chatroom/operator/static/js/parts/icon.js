/** Signs, drawn for this page on a grid of 24 with strokes of 2; css/base.css colours them. */

import { html } from "../../vendor/htm-preact-standalone.module.js";

const PATHS = Object.freeze({
  logo: "M12 2.5l8.2 4.75v9.5L12 21.5l-8.2-4.75v-9.5zM9 11v2M15 11v2",
  good: "M4.5 12.5l5 5 10-11",
  bad: "M6 6l12 12M18 6L6 18",
  warn: "M12 3.5l9.5 17h-19zM12 10v4.5M12 17.2v.3",
  waits: "M12 3a9 9 0 1 0 .01 0z",
  clock: "M12 3a9 9 0 1 0 .01 0zM12 7v5l3.5 2",
  skipped: "M5 12h14",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  people:
    "M9 4.5a3.5 3.5 0 1 0 .01 0zM2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .9 3.2 2.7 3.5 5.5",
  history: "M12 7v5l3.5 2M3.5 9a9 9 0 1 1-.5 3M3 4v5h5",
  safety: "M12 3l8 3v5.5c0 4.5-3.2 8-8 9.5-4.8-1.5-8-5-8-9.5V6z",
  settings: "M3 7h9M18 7h3M3 17h3M12 17h9M15 4a3 3 0 1 0 .01 0zM9 14a3 3 0 1 0 .01 0z",
  help: "M12 3a9 9 0 1 0 .01 0zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.5v.4M12 16.8v.2",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  save: "M12 4v11M7 10.5l5 5 5-5M4 20h16",
  renew: "M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5",
  pause: "M8 5v14M16 5v14",
  play: "M7 5l12 7-12 7z",
  mute: "M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM16 9.5l5 5M21 9.5l-5 5",
  rename: "M4 20l1-4L16 5l3 3L8 19z",
  search: "M10.5 4a6.5 6.5 0 1 0 .01 0zM15.5 15.5L21 21",
  phone: "M8 3h8v18H8zM11.5 18h1",
  computer: "M4 5h16v11H4zM2 20h20",
  invite: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM20 14v.01M14 20v.01",
});

/** @typedef {keyof typeof PATHS} IconName */

/**
 * A sign beside a word that says the same; no reader hears of it.
 *
 * @param {{ name: IconName, class?: string }} props
 */
export function Icon({ name, class: more = "" }) {
  return html`<svg class=${`icon icon-${name} ${more}`} viewBox="0 0 24 24" aria-hidden="true">
    <path d=${PATHS[name]} />
  </svg>`;
}
