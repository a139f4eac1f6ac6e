import { Button } from "@mantine/core";
import { IconCheck, IconCloudOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { contactOf } from "../help/contact";
import { useHome } from "../shell/HomeContext";
import { metaWord } from "../shell/meta";
import classes from "./Guide.module.css";
import { awayGuide, type Guide } from "./tree";
import type { Walk } from "./walk";

type Props = { guide: Guide; walk: Walk; lookAtBox: () => void };

/** While a guide goes on: the box that stops to answer, or answers again; and a number to call, where nothing else gets through. */
export function BoxWord({ guide, walk, lookAtBox }: Props) {
  const { t } = useTranslation();
  const { state, line } = useHome();
  const reached = line !== "offline" && line !== "away" && state.box?.reachable === true;
  const silent = walk.trail.some(({ node, answer }) => node === "box" && answer !== "reachable");
  const contact = contactOf(metaWord("contact"));
  if (silent && reached) {
    return (
      <p className={classes.word} data-tone="online" role="status">
        <IconCheck size={22} aria-hidden />
        <span>{t("guide.returned")}</span>
      </p>
    );
  }
  if (reached || state.box === null) return null;
  return (
    <div className={classes.word} data-tone="problem">
      <IconCloudOff size={22} aria-hidden />
      <div>
        {guide.id !== awayGuide && (
          <>
            <p role="status">{t("guide.lost")}</p>
            <Button variant="default" onClick={lookAtBox}>
              {t("guide.lookAtBox")}
            </Button>
          </>
        )}
        {contact && <a href={contact.href}>{t("guide.call", { contact: contact.words })}</a>}
      </div>
    </div>
  );
}
