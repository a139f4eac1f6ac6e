import { Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useChanges } from "../change/ChangeContext";
import { pauseOf } from "../change/wish";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";

/** Asked once, because it takes the whole home with it. */
export default function PauseAll({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id } = useHome();
  const { ask } = useChanges();
  const pause = () => {
    close();
    void ask(pauseOf(id, { home: true }, { minutes: 60 }, t("change.what_pause", { name: t("app.everyone") })));
  };
  return (
    <Dialog name="pauseAll" close={close} title={t("act.pauseAllAsk")}>
      <Stack>
        <Text>{t("act.pauseAllText")}</Text>
        <Button size="lg" onClick={pause}>
          {t("act.pauseAllYes")}
        </Button>
        <Button size="lg" variant="default" onClick={close}>
          {t("app.cancel")}
        </Button>
      </Stack>
    </Dialog>
  );
}
