import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";

type Props = { homes: Me["homes"]; current: string; choose: (id: string) => void };

export function HomeChoice({ homes, current, choose }: Props) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      mb="md"
      size="md"
      aria-label={t("app.chooseHome")}
      value={current}
      data={homes.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}
