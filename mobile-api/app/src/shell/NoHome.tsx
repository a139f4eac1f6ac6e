import { Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { Contact } from "../help/Contact";
import { signOut } from "./client";
import { Entrances } from "./Entrances";
import { entrancesOf } from "./entrance";

export function NoHome({ me }: { me: Me }) {
  const { t } = useTranslation();
  const entrances = entrancesOf(me);
  return (
    <Stack component="main" align="center" p="xl" mt="10vh" ta="center">
      {entrances.length > 0 ? <Entrances me={me} /> : <Text size="lg">{t("signIn.noHome", { name: me.member.name })}</Text>}
      <Button size="lg" variant="default" onClick={() => void signOut()}>
        {t("settings.signOut")}
      </Button>
      <Contact />
    </Stack>
  );
}
