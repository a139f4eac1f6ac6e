import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SupportSession } from "../api/client";
import { anchors, isAnchor } from "../mirror/anchor";
import type { Shape } from "../mirror/message";
import { type MirrorActs, MirrorView } from "../mirror/MirrorView";
import classes from "./Session.module.css";
import { allows } from "./session";

const shapes = ["ring", "arrow", "tick"] as const satisfies readonly Shape[];
const screens = ["home", "tv", "activity", "settings", "members", "help"] as const;

/** The customer's screen, and what can be shown on it. */
export function ScreenTab({ session }: { session: SupportSession }) {
  const { t } = useTranslation("support");
  const acts = useRef<MirrorActs>(null);
  const [shape, setShape] = useState<Shape>("ring");
  return (
    <div className={classes.screen}>
      <div className={classes.tools}>
        <label>
          {t("marks")}{" "}
          <select value={shape} onChange={({ target }) => setShape(shapes.find((one) => one === target.value) ?? "ring")}>
            {shapes.map((one) => (
              <option key={one} value={one}>
                {t(`mark_${one}`)}
              </option>
            ))}
          </select>
        </label>
        <Button size="sm" variant="default" onClick={() => acts.current?.clear()}>
          {t("clearMarks")}
        </Button>
        <select aria-label={t("showPlace")} value="" onChange={({ target }) => isAnchor(target.value) && acts.current?.show(target.value)}>
          <option value="">{t("showPlace")}</option>
          {anchors.map((one) => (
            <option key={one} value={one}>
              {t(`place_${one}`)}
            </option>
          ))}
        </select>
        {allows(session, "change") && (
          <select
            aria-label={t("openScreen")}
            value=""
            onChange={({ target }) => {
              const to = screens.find((one) => one === target.value);
              if (to) acts.current?.go(to);
            }}
          >
            <option value="">{t("openScreen")}</option>
            {screens.map((one) => (
              <option key={one} value={one}>
                {t(`screen_${one}`)}
              </option>
            ))}
          </select>
        )}
      </div>
      <MirrorView ref={acts} session={session.id} customer={session.customer.name} shape={shape} />
    </div>
  );
}
