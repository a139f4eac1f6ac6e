import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { TalkCard } from "./TalkCard";

/** The way to a person beside work that is not saved yet. */
export default function HelpSheet({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} centered title={t("help.title")} closeButtonProps={{ size: 44, "aria-label": t("app.close") }}>
      <TalkCard />
    </Modal>
  );
}
