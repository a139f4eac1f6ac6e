import { Text } from "@mantine/core";
import { IconPhone } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactOf } from "../help/contact";
import { metaWord } from "../shell/meta";
import classes from "./Field.module.css";
import { Sheet } from "./Sheet";

/** The way to a person, as the operator has set it. */
export function CallButton() {
  const { t } = useTranslation("field");
  const [open, setOpen] = useState(false);
  const contact = contactOf(metaWord("contact"));
  const words = (
    <>
      <IconPhone size={22} aria-hidden />
      {t("call.button")}
    </>
  );
  if (contact) {
    return (
      <a className={classes.tool} href={contact.href}>
        {words}
      </a>
    );
  }
  return (
    <>
      <button type="button" className={classes.tool} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {words}
      </button>
      {open && (
        <Sheet title={t("call.title")} close={() => setOpen(false)}>
          <Text>{t("call.none")}</Text>
        </Sheet>
      )}
    </>
  );
}
