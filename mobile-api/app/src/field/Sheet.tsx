import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";

type Props = { title: string; close: () => void; children: ReactNode };

/** A dialog of this entrance, for fingers in gloves. */
export function Sheet({ title, close, children }: Props) {
  const { t } = useTranslation("field");
  return (
    <Modal opened onClose={close} centered title={title} closeButtonProps={{ size: 56, "aria-label": t("close") }} className={classes.sheet ?? ""}>
      {children}
    </Modal>
  );
}
