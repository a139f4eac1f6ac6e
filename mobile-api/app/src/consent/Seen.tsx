import { useTranslation } from "react-i18next";
import type { SupportReceipt } from "../api/client";
import { screenNames } from "../mirror/route";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import classes from "./Visit.module.css";
import { nameOf } from "./visit";

/** Which screens the agent of a visit saw, and when: by name, never of whom. */
export function Seen({ receipt }: { receipt: SupportReceipt }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const { screens, session } = receipt;
  const name = nameOf(session.staff.name, t);
  if (screens.length === 0) return <p className={classes.plain}>{t("consent.screensNone", { name })}</p>;
  return (
    <div>
      <p className={classes.plain}>{t("consent.screens", { name })}</p>
      <ul>
        {screens.map(({ screen, first, last }) => {
          const [from, to] = [clock(new Date(first), words.reader), clock(new Date(last), words.reader)];
          const known = screenNames.find((one) => one === screen) ?? "other";
          return (
            <li key={screen}>
              {t(`consent.screen_${known}`)} <small>{from === to ? from : t("consent.screenSpan", { from, to })}</small>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
