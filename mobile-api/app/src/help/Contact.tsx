import { useTranslation } from "react-i18next";
import { metaWord } from "../shell/meta";
import classes from "../signin/SignInScreen.module.css";
import { contactOf } from "./contact";

/** The way to a person for somebody who is not signed in. */
export function Contact() {
  const { t } = useTranslation();
  const contact = contactOf(metaWord("contact"));
  if (!contact) return null;
  return (
    <a className={classes.link} href={contact.href}>
      {t("signIn.contact", { contact: contact.words })}
    </a>
  );
}
