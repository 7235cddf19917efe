/** The shared worker: it lives as long as any tab of this browser, and holds their one stream. */

import { Switchboard } from "./switchboard.js";

const switchboard = new Switchboard();

self.addEventListener("connect", (event) => {
  for (const port of /** @type {MessageEvent} */ (event).ports) switchboard.connect(port);
});
self.addEventListener("online", () => switchboard.wake());
self.addEventListener("offline", () => switchboard.doubt());
