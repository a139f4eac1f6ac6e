import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Contact } from "../help/Contact";

/** For who is no technician. */
export function NotYours() {
  const { t } = useTranslation("field");
  return (
    <Stack component="main" align="center" p="xl" mt="10vh" ta="center">
      <Text size="lg">{t("notYours")}</Text>
      <Button size="lg" h={56} renderRoot={(props) => <Link to="/" {...props} />}>
        {t("goHome")}
      </Button>
      <Contact />
    </Stack>
  );
}

/** Where the browser keeps nothing, visits would be lost with the first dead battery. */
export function NothingKept() {
  const { t } = useTranslation("field");
  return (
    <Stack component="main" align="center" p="xl" mt="10vh" ta="center">
      <Text size="lg">{t("broken")}</Text>
      <Contact />
    </Stack>
  );
}
