import { Button, Group, Text } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { newVersion } from "./worker";

export function NewVersion() {
  const { t } = useTranslation();
  const version = useSyncExternalStore(newVersion.subscribe, newVersion.get);
  if (!version.ready) return null;
  return (
    <Group justify="space-between" mb="md" role="status">
      <Text size="sm">{t("app.update")}</Text>
      <Button variant="default" h={44} onClick={version.use}>
        {t("app.reload")}
      </Button>
    </Group>
  );
}
