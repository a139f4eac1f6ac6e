import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Unreachable } from "../api/refusal";

export function Missing() {
  return <Dead text="notFound" />;
}

export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return <Dead text={error instanceof Unreachable ? "nothingKept" : "broken"} again={reset} />;
}

function Dead({ text, again }: { text: "notFound" | "broken" | "nothingKept"; again?: () => void }) {
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
