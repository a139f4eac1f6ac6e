import { IconCloudOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { moment } from "../time/words";
import { announce } from "./announcement";
import { useHome } from "./HomeContext";
import classes from "./LineBanner.module.css";

/** A line that is only opening is nothing to tell; one that has been away for longer than the home is looked at is. */
const old = 70_000;

/** Between this phone and the cloud: on every screen, as long as what is shown may be old. */
export function LineBanner() {
  const { t } = useTranslation();
  const { line, heard, words } = useHome();
  const time = moment(heard, words.now, words.reader);
  const text =
    line === "offline"
      ? t("box.offline", { time })
      : line === "away"
        ? t("box.cloudAway", { time })
        : line === "connecting" && words.now.getTime() - heard.getTime() > old
          ? t("box.connecting", { time })
          : "";
  useEffect(() => {
    if (text) announce(text);
  }, [text]);
  if (!text) return null;
  return (
    <div className={classes.banner}>
      <IconCloudOff size={20} aria-hidden />
      <span>{text}</span>
    </div>
  );
}
