import { Button, Text } from "@mantine/core";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { sessionsQuery } from "../api/query";
import { Section } from "../person/Section";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";

const CodesDialog = lazy(() => import("./CodesDialog"));

const codesQuery = queryOptions({ queryKey: ["totp"], queryFn: () => answer(api.GET("/me/totp")) });

/** Whether the member's password needs a code, and the way to change that. */
export function Codes() {
  const { t } = useTranslation();
  const { line } = useHome();
  const client = useQueryClient();
  const { data } = useQuery(codesQuery);
  const [asked, setAsked] = useState(false);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (!data) return null;

  const done = async () => {
    setOpen(false);
    announce(t(data.active ? "codes.stopped" : "codes.started"));
    await client.invalidateQueries({ queryKey: codesQuery.queryKey });
    await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    button.current?.focus();
  };
  const start = () => {
    setAsked(true);
    setOpen(true);
  };
  return (
    <Section title={t("codes.title")} hint={t("codes.lead")}>
      <Text mb="sm">{t(data.active ? "codes.on" : "codes.off")}</Text>
      <Button ref={button} variant="default" h={48} disabled={line === "offline" || line === "away"} onClick={start}>
        {t(data.active ? "codes.stop" : "codes.start")}
      </Button>
      {asked && (
        <Suspense>
          <CodesDialog active={data.active} opened={open} close={() => setOpen(false)} done={done} />
        </Suspense>
      )}
    </Section>
  );
}
