import { Button, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { AddPasskey } from "../settings/AddPasskey";
import { leave } from "../shell/client";
import { hasPasskeys } from "../signin/passkey";

const CodesDialog = lazy(() => import("../settings/CodesDialog"));

/** For who signed in with a password alone: what is missing, and how it is made. */
export function Strong() {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const [open, setOpen] = useState<"passkey" | "codes" | null>(null);
  const [made, setMade] = useState(false);
  const { data } = useQuery({ queryKey: ["totp"], queryFn: () => answer(api.GET("/me/totp")) });
  const signOut = () => answer(api.DELETE("/sessions/current")).catch(() => {}).finally(() => leave(false));
  const done = async () => {
    setOpen(null);
    setMade(true);
  };
  return (
    <Stack component="main" maw={560} mx="auto" p="xl" mt="8vh">
      <Title order={1} fz={26}>
        {t("strong.title")}
      </Title>
      <Text>{t("strong.text")}</Text>
      <Text>{t(made ? "strong.made" : "strong.have")}</Text>
      <Button size="lg" onClick={() => void signOut()}>
        {t("strong.signIn")}
      </Button>
      {!made && data && !data.active && (
        <>
          <Text>{t("strong.make")}</Text>
          {hasPasskeys() && (
            <Button variant="default" onClick={() => setOpen("passkey")}>
              {tell("passkey.add")}
            </Button>
          )}
          <Button variant="default" onClick={() => setOpen("codes")}>
            {tell("codes.start")}
          </Button>
        </>
      )}
      <AddPasskey opened={open === "passkey"} close={() => setOpen(null)} added={done} />
      {open === "codes" && (
        <Suspense>
          <CodesDialog active={false} opened close={() => setOpen(null)} done={done} />
        </Suspense>
      )}
    </Stack>
  );
}
