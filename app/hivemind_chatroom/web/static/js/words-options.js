/** What only those are asked who want to take a message back. */

import { t } from "./translate.js";

export const DELETE_FOR_ALL = t("Delete this for everyone?");
export const DELETE_PRIVATE = t("Delete this?");
export const NOT_DELETED = t("Not deleted.");
