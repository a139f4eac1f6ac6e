import { Modal, type ModalProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DialogName } from "../mirror/dialog";
import { useFocusBack } from "./useFocusBack";

type Props = Omit<ModalProps, "opened" | "onClose" | "closeButtonProps" | "name"> & {
  /** What a person who was let see the screen is told lies over it; null for those of staff, which nobody mirrors. */
  name: DialogName | null;
  close: () => void;
  opened?: boolean;
};

/** What lies over a screen until it is answered or closed; its cross is big enough for a finger, and has a name. */
export function Dialog({ name, close, opened = true, ...rest }: Props) {
  const { t } = useTranslation();
  useFocusBack(opened);
  return (
    <Modal
      centered
      data-dialog={name ?? undefined}
      opened={opened}
      onClose={close}
      closeButtonProps={{ size: 44, "aria-label": t("app.close") }}
      {...rest}
    />
  );
}
