import { Modal, type ModalProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Props = Omit<ModalProps, "opened" | "onClose" | "closeButtonProps"> & { close: () => void; opened?: boolean };

/** What lies over a screen until it is answered or closed; its cross is big enough for a finger, and has a name. */
export function Dialog({ close, opened = true, ...rest }: Props) {
  const { t } = useTranslation();
  return <Modal centered opened={opened} onClose={close} closeButtonProps={{ size: 44, "aria-label": t("app.close") }} {...rest} />;
}
