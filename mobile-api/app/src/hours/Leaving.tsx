import { Button, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** Asks before unsaved work is left. */
export function Leaving({ unsaved }: { unsaved: () => boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({ shouldBlockFn: unsaved, enableBeforeUnload: unsaved, withResolver: true });
  if (blocker.status !== "blocked") return null;
  return (
    <Modal opened centered onClose={blocker.reset} title={t("hours.leave")} closeButtonProps={{ size: 44, "aria-label": t("app.close") }}>
      <Stack>
        <Text>{t("hours.leaveText")}</Text>
        <Button h={48} onClick={blocker.reset}>
          {t("hours.stay")}
        </Button>
        <Button h={48} variant="default" onClick={blocker.proceed}>
          {t("hours.leaveYes")}
        </Button>
      </Stack>
    </Modal>
  );
}
