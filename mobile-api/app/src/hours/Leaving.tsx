import { Button, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/Dialog";

/** Asks before unsaved work is left. */
export function Leaving({ unsaved }: { unsaved: () => boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({ shouldBlockFn: unsaved, enableBeforeUnload: unsaved, withResolver: true });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog name="leaveHours" close={blocker.reset} title={t("hours.leave")}>
      <Stack>
        <Text>{t("hours.leaveText")}</Text>
        <Button h={48} onClick={blocker.reset}>
          {t("hours.stay")}
        </Button>
        <Button h={48} variant="default" onClick={blocker.proceed}>
          {t("hours.leaveYes")}
        </Button>
      </Stack>
    </Dialog>
  );
}
