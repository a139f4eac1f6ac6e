import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { homeQuery, meQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { Section } from "../person/Section";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";

/** What the home is called; the box need not hear of it. */
export function HomeName() {
  const { t } = useTranslation();
  const { id, state, locked } = useHome();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const clean = name.trim();

  const begin = () => {
    setName(state.home.name);
    setError("");
    setOpen(true);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setError("");
    setBusy(true);
    try {
      client.setQueryData(
        homeQuery(id).queryKey,
        await answer(api.PUT("/homes/{home}", { params: { path: { home: id } }, body: { name: clean } })),
      );
      setOpen(false);
      announce(t("settings.homeRenamed", { name: clean }));
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
    } catch (caught) {
      setError(whyNot(caught as Error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t("settings.homeName")} hint={state.home.name}>
      <Button variant="default" h={48} disabled={locked !== null} title={locked ?? undefined} onClick={begin}>
        {t("settings.homeRename")}
      </Button>
      <Dialog name="renameHome" opened={open} close={() => setOpen(false)} title={t("settings.homeRename")}>
        <form onSubmit={(event) => void save(event)}>
          <Stack>
            <TextInput
              size="lg"
              label={t("settings.homeNew")}
              value={name}
              maxLength={80}
              autoComplete="off"
              data-autofocus
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {error && <Text role="alert">{error}</Text>}
            <Button size="lg" type="submit" loading={busy} disabled={!clean || clean === state.home.name}>
              {t("app.save")}
            </Button>
          </Stack>
        </form>
      </Dialog>
    </Section>
  );
}
