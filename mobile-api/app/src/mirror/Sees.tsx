import { Button } from "@mantine/core";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../shell/announcement";
import classes from "./Mirror.module.css";
import { Picture, type PictureHandle } from "./Picture";
import type { Spot } from "./replay/word";
import { partsOf, type Unseen } from "./unseen";
import type { ScreenLine } from "./useScreenLine";

type Props = { name: string; picture: RefObject<PictureHandle | null>; unseen: Unseen; line: ScreenLine };

/** The page as the agent has it. What is tapped in it is hidden from them until the session ends, or it is tapped again. */
export function Sees({ name, picture, unseen, line }: Props) {
  const { t } = useTranslation();
  const [said, setSaid] = useState("");
  const [parts, setParts] = useState(() => partsOf());
  const turn = (element: Element) => {
    if (!element.isConnected) return setParts(partsOf()); // the page has changed under the list
    const done = unseen.toggle(element);
    if (done !== "too-big") line.again();
    const words = t(done === "hidden" ? "mirror.nowHidden" : done === "shown" ? "mirror.nowShown" : "mirror.tooMuch", { name });
    setSaid(words);
    announce(words);
    setParts(partsOf());
  };
  const tap = (spot: Spot, pressed: boolean) => {
    if (!pressed) return;
    // The keys are this page's again: Escape closes, and nothing in the picture takes one.
    if (document.activeElement instanceof HTMLIFrameElement) document.activeElement.blur();
    const element = line.elementAt(spot);
    if (element) turn(element);
  };
  const count = unseen.list().length;
  return (
    <>
      <p>
        {t("mirror.seesText", { name })} {t("mirror.tap", { name })}
      </p>
      <Picture ref={picture} title={t("mirror.sees", { name })} className={classes.own} onWant={line.key} onReady={() => line.key()} onSpot={tap} />
      <p className={classes.said}>{said || (count > 0 ? t("mirror.hidden", { count }) : "\u00a0")}</p>
      <details className={classes.parts}>
        <summary>{t("mirror.byName")}</summary>
        {count > 0 && (
          <Button
            variant="default"
            onClick={() => {
              unseen.list().forEach(({ id }) => unseen.show(id));
              line.again();
              setSaid(t("mirror.nowShown", { name }));
              announce(t("mirror.nowShown", { name }));
              setParts(partsOf());
            }}
          >
            {t("mirror.showAll")}
          </Button>
        )}
        <ul>
          {parts.map((part, at) => (
            <li key={at}>
              <span>{part.name}</span>
              <Button
                size="compact-md"
                variant="default"
                aria-pressed={part.hidden}
                aria-label={t("mirror.hidePart", { part: part.name })}
                onClick={() => turn(part.element)}
              >
                {t(part.hidden ? "mirror.show" : "mirror.hide")}
              </Button>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
