import { Button, Stack, Text } from "@mantine/core";
import { usePrefetchQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { asksQuery } from "../api/query";
import { ChangeProvider } from "../change/ChangeProvider";
import { Visit } from "../consent/Visit";
import { HomeContext } from "./HomeContext";
import { Layout } from "./Layout";
import { LineBanner } from "./LineBanner";
import { useHomeData } from "./useHomeData";
import { Waiting } from "./Waiting";

type Props = { me: Me; home: Me["homes"][number]; choose: (id: string) => void };

/** One home: its data, its changes, and the places of the app around the screen. */
export function HomeFrame({ me, home: membership, choose }: Props) {
  const { t } = useTranslation();
  usePrefetchQuery(asksQuery(membership.id)); // on its way beside the home, so that Home is drawn once
  const { home, error, again } = useHomeData(me, membership);
  return (
    <Layout me={me} current={membership} choose={choose}>
      {home ? (
        <HomeContext value={home}>
          <ChangeProvider>
            <Visit />
            <LineBanner />
            <Outlet />
          </ChangeProvider>
        </HomeContext>
      ) : error ? (
        <Stack align="center" py="xl" ta="center">
          <Text>{t("signIn.offline")}</Text>
          <Button size="lg" onClick={again}>
            {t("app.again")}
          </Button>
        </Stack>
      ) : (
        <Waiting />
      )}
    </Layout>
  );
}
