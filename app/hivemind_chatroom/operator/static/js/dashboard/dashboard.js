/** The room as its host sees it: six tabs under one head. */

import { html, useState } from "../../vendor/htm-preact-standalone.module.js";
import { keep, recall } from "../memory.js";
import { Sheet } from "../parts/invitation.js";
import { t } from "../translate.js";
import { Head } from "./head.js";
import { HelpTab } from "./help.js";
import { HistoryTab } from "./history.js";
import { HomeTab } from "./home.js";
import { PeopleTab } from "./people.js";
import { SafetyTab } from "./safety.js";
import { SettingsTab } from "./settings.js";
import { Tabs } from "./tabs.js";

/** @import { TabDescription } from "./tabs.js" */

const TAB = "tab";

export function Dashboard() {
  const [chosen, setChosen] = useState(recall(TAB) || "home");
  /** @param {string} tab */
  const choose = (tab) => {
    keep(TAB, tab);
    setChosen(tab);
  };
  /** @type {readonly TabDescription[]} */
  const tabs = [
    { id: "home", name: t("Home"), icon: "home", body: HomeTab },
    { id: "people", name: t("People"), icon: "people", body: PeopleTab },
    { id: "history", name: t("History"), icon: "history", body: HistoryTab },
    { id: "safety", name: t("Safety"), icon: "safety", body: SafetyTab },
    { id: "settings", name: t("Settings"), icon: "settings", body: SettingsTab },
    { id: "help", name: t("Help"), icon: "help", body: HelpTab },
  ];
  return html`<div class="dashboard">
    <${Head} />
    <${Tabs} tabs=${tabs} chosen=${chosen} onChoose=${choose} />
    <${Sheet} />
  </div>`;
}
