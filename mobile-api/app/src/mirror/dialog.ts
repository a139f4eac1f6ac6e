/** What lies over a screen, by the names that travel: each is a dialog's `name` (parts/Dialog). */
export const dialogs = [
  "addDays", "addPasskey", "addPerson", "codes", "collision", "consent", "dailyTime", "deleteAccount", "deleteHome", "device", "dropPasskey", "help",
  "invite", "leaveHours", "nameDevice", "newWayIn", "password", "pauseAll", "recording", "removeMember", "renameHome", "renamePerson", "reserveTv", "role", "sees",
  "tonight", "undoBlocked", "visitEnded", "zone",
] as const;

export type DialogName = (typeof dialogs)[number];

export const isDialog = (name: unknown): name is DialogName => dialogs.includes(name as DialogName);

/** The name of the dialog that lies on top of the page, "" for none. */
export function openDialog(page: ParentNode = document): DialogName | "" {
  const open = [...page.querySelectorAll("[data-dialog]")].filter((one) => one.querySelector("[role=dialog]"));
  const name = open.at(-1)?.getAttribute("data-dialog");
  return isDialog(name) ? name : "";
}
