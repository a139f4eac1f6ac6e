import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/Dialog";
import { TalkCard } from "./TalkCard";

/** The way to a person beside work that is not saved yet. */
export default function HelpSheet({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog name="help" close={close} title={t("help.title")}>
      <TalkCard />
    </Dialog>
  );
}
