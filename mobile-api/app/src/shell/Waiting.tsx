import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The shape of a home that is on its way. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <Stack aria-busy aria-label={t("app.loading")}>
      <Skeleton h={56} />
      <Skeleton h={168} />
      <Skeleton h={168} />
    </Stack>
  );
}
