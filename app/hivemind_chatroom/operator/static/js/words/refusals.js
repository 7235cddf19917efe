/** Why something the operator wanted was not done. */

import { t } from "../translate.js";

/** @import { Refusal } from "../contract" */

/** @param {Refusal} refusal */
export function refusalText({ code, setting }) {
  switch (code) {
    case "offline":
      return t("The program doesn't answer. Try again in a moment.");
    case "undo_unknown":
      return t("It is too late to undo this.");
    case "name_taken":
      return t("Somebody in the room has this name already.");
    case "name_invalid":
      return t("This can't be a name. Use 1 to 24 letters.");
    case "identity_incomplete":
      return t("An access key, a password and the hub's address are needed.");
    case "storage_full":
      return t("The disk is full. Make room on it, then try again.");
    case "storage_away":
      return t("The room's memory is away for now. Try again in a moment.");
    case "backup_invalid":
      return t("This file is no backup of a room, or it is damaged. Nothing has changed.");
    case "body_too_large":
      return t("This file is too large to be restored here.");
    case "member_unknown":
      return t("This person has left the room.");
    case "setting_invalid":
      return settingText(setting);
    case "backup_failed":
      return t("The backup can't be made. Is there room on the disk? The log says why.");
    case "port_taken":
      return t("Another program still uses that port.");
    case "no_window":
      return t("This room has no window. Close it where it was started.");
    case "hub_elsewhere":
      return t("Another instance of this room is linked to the hub. Do this in its window.");
    case "not_found":
      return t("It is not there any more.");
    case "token_wrong":
    case "origin_wrong":
    case "host_unknown":
      return t("This page is of an earlier start. Open it anew from the program.");
    case "body_invalid":
    case "media_type":
    case "method_not_allowed":
      return t("The page and the program don't fit. Load the page anew.");
    default:
      return t("That did not work. The log says why.");
  }
}

/** @param {string} setting one that can't be as it was wanted */
function settingText(setting) {
  switch (setting) {
    case "room_name":
      return t("A room's name has 1 to 64 letters.");
    case "code":
      return t("A code has 4 to 12 digits.");
    case "members_max":
    case "keep_messages":
      return t("This number can't be used. Take a smaller one, and no less than 1.");
    case "lan_name":
      return t("A name on the network has the letters a to z, digits and hyphens, and no dot.");
    case "start_at_login":
      return t("This computer did not let the program start with it.");
    default:
      return t("This can't be chosen here.");
  }
}

/**
 * Who has decided a setting, so that it can't be changed here.
 *
 * @param {string} by
 */
export function fixedText(by) {
  return by === "the command line"
    ? t("Set by the command line of the program.")
    : t("Set by the environment of the program.");
}
