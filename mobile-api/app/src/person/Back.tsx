import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./Section.module.css";

/** The way home; with a text where there is nothing else. */
export function Back({ text }: { text?: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to="/" className={classes.back}>
        <IconChevronLeft size={22} aria-hidden />
        {t("app.home")}
      </Link>
      {text && <p>{text}</p>}
    </>
  );
}
