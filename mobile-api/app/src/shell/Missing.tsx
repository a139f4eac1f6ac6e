import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function Missing() {
  return <Dead text="notFound" />;
}

export function Broken({ reset }: { reset: () => void }) {
  return <Dead text="broken" again={reset} />;
}

function Dead({ text, again }: { text: "notFound" | "broken"; again?: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack component="main" align="center" p="xl" mt="10vh">
      <Text size="lg">{t(`app.${text}`)}</Text>
      {again ? (
        <Button size="lg" onClick={again}>
          {t("app.again")}
        </Button>
      ) : (
        <Button size="lg" component={Link} to="/">
          {t("app.goHome")}
        </Button>
      )}
    </Stack>
  );
}
