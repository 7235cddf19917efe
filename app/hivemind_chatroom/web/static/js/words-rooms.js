/** What is said of other rooms. */

import { t } from "./translate.js";

export const OTHER_ROOMS = t("Other rooms here");
export const NEEDS_CODE = t("needs a code");
export const NOT_LISTED = t("Not listed? Ask its host for the address.");
