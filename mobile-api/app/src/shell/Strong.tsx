import { Button, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { AddPasskey } from "../settings/AddPasskey";
import { hasPasskeys } from "../signin/passkey";
import { signOut } from "./client";

const CodesDialog = lazy(() => import("../settings/CodesDialog"));

type Props = { words: { title: string; text: string; have: string; signIn: string; make: string; made: string }; note?: string };

/** At an entrance for staff, for who signed in with a password alone: what is missing, and how it is made. */
export function Strong({ words, note }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"passkey" | "codes" | null>(null);
  const [made, setMade] = useState(false);
  const { data } = useQuery({ queryKey: ["totp"], queryFn: () => answer(api.GET("/me/totp")) });
  const done = async () => {
    setOpen(null);
    setMade(true);
  };
  return (
    <Stack component="main" w="100%" maw={560} mx="auto" p="xl">
      <Title order={1} fz={26}>
        {words.title}
      </Title>
      <Text>{words.text}</Text>
      <Text>{made ? words.made : words.have}</Text>
      <Button size="lg" onClick={() => void signOut()}>
        {words.signIn}
      </Button>
      {note && <Text c="dimmed">{note}</Text>}
      {!made && data && !data.active && (
        <>
          <Text>{words.make}</Text>
          {hasPasskeys() && (
            <Button size="lg" variant="default" onClick={() => setOpen("passkey")}>
              {t("passkey.add")}
            </Button>
          )}
          <Button size="lg" variant="default" onClick={() => setOpen("codes")}>
            {t("codes.start")}
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
