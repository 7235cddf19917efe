/** Where the page begins. */

import { html, render } from "../vendor/htm-preact-standalone.module.js";
import { Api } from "./api.js";
import { App } from "./app.js";
import { takeToken } from "./token.js";

const page = document.querySelector("#page");
const api = new Api(takeToken());

// Whoever pastes a new address into this tab changes only what is behind the #.
addEventListener("hashchange", () => location.reload());

if (page) render(html`<${App} api=${api} />`, page);
