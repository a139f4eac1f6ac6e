import type { TFunction } from "i18next";
import { isDialog } from "./dialog";
import type { ScreenWord } from "./message";
import { screenNames } from "./route";

/** Where a customer is, in an agent's words: "Home › Rename a person". A name that is not known is another screen, or no dialog. */
export function whereWords({ route, dialog }: Pick<ScreenWord, "route" | "dialog">, t: TFunction<"support">): string {
  const screen = t(`screen_${screenNames.find((name) => name === route) ?? "other"}`);
  return isDialog(dialog) ? `${screen} › ${t(`dialog_${dialog}`)}` : screen;
}

/** Why there is no picture; "" where there is one. */
export function blindWords({ blind }: Pick<ScreenWord, "blind">, t: TFunction<"support">): string {
  if (!blind) return "";
  return t(blind === "browser" ? "blind_browser" : "blind_big");
}
