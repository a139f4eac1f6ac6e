import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { Contact } from "../help/Contact";
import { loadSupportWords } from "../i18n/i18n";
import { entrancesOf } from "../shell/entrance";
import { Strong } from "../shell/Strong";
import { Waiting } from "../shell/Waiting";
import type { Language } from "../time/words";
import { Console } from "./Console";
import { queueQuery } from "./query";

/** The entrance for those who help: for whom it is, and how one has to have come in. */
export function SupportFrame() {
  const { data: me } = useQuery(meQuery);
  const ready = useSupportWords();
  if (!me || !ready) return <Waiting />;
  if (!entrancesOf(me).includes("support")) return <NotYours />;
  return <Inside me={me.member} />;
}

function Inside({ me }: { me: { id: string; name: string } }) {
  const { t } = useTranslation("support");
  const { data: queue, error, dataUpdatedAt, refetch } = useQuery(queueQuery);
  if (error instanceof Refusal && error.code === "second-factor") return <Strong words={t("strong", { returnObjects: true })} />;
  if (error instanceof Refusal && error.status === 404) return <NotYours />;
  if (queue) return <Console me={me} queue={queue} heard={error ? new Date(dataUpdatedAt) : null} />;
  if (!error) return <Waiting />;
  return (
    <Stack component="main" align="center" p="xl" mt="10vh" ta="center">
      <Button size="lg" onClick={() => void refetch()}>
        {t("again")}
      </Button>
      <Contact />
    </Stack>
  );
}

function NotYours() {
  const { t } = useTranslation("support");
  return (
    <Stack component="main" align="center" p="xl" mt="10vh" ta="center">
      <Text size="lg">{t("notYours")}</Text>
      <Button size="lg" renderRoot={(props) => <Link to="/" {...props} />}>
        {t("goHome")}
      </Button>
      <Contact />
    </Stack>
  );
}

function useSupportWords(): boolean {
  const { i18n } = useTranslation();
  const language = i18n.language as Language;
  const [loaded, setLoaded] = useState<Language | null>(null);
  useEffect(() => {
    let gone = false;
    void loadSupportWords(language).then(() => {
      if (!gone) setLoaded(language);
    });
    return () => {
      gone = true;
    };
  }, [language]);
  return loaded === language;
}
