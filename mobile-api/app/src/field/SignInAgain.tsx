import { useTranslation } from "react-i18next";
import { Strong } from "../shell/Strong";
import { Head } from "./Head";

/** The technicians' entrance, for who signed in with a password alone. */
export function SignInAgain() {
  const { t } = useTranslation("field");
  return (
    <>
      <Head step="today" />
      <Strong words={t("strong", { returnObjects: true })} note={t("strong.kept")} />
    </>
  );
}
