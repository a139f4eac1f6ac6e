import { Button, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { announce } from "./announcement";
import { signOut } from "./client";
import type { LastHome } from "./lastHome";

type Props = { lost: LastHome; next: Me["homes"][number] | undefined; goOn: () => void };

/** A membership has ended: said once, with what to do about it. What was known of the home is forgotten. */
export function LostHome({ lost, next, goOn }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const said = t("signIn.lost", { home: lost.name });
  useEffect(() => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[1] === lost.id });
    announce(said);
  }, [client, lost.id, said]);
  return (
    <Stack component="main" align="center" p="xl" mt="10vh" ta="center">
      <Title order={1} fz={24}>
        {said}
      </Title>
      <Text size="lg">{t("signIn.lostText")}</Text>
      {next && (
        <Button size="lg" onClick={goOn}>
          {t("signIn.lostNext", { home: next.name })}
        </Button>
      )}
      <Button size="lg" variant="default" onClick={() => void signOut()}>
        {t("settings.signOut")}
      </Button>
    </Stack>
  );
}
