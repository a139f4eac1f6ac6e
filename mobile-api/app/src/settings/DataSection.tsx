import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { meQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { isWrong } from "./wrong";

/** Taking everything along, and taking everything away; for owners. */
export function DataSection() {
  const { t } = useTranslation();
  const { id, state, locked } = useHome();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");

  const remove = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await answer(api.POST("/homes/{home}/deletion", { params: { path: { home: id } }, body: { password } }));
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      await navigate({ to: "/" });
    } catch (caught) {
      setError(isWrong(caught) ? t("settings.passwordWrong") : whyNot(caught as Error, t));
    }
  };
  return (
    <Section title={t("settings.data")} hint={t("settings.dataText")}>
      <Stack gap="sm" align="flex-start">
        <Button
          component="a"
          href={`/api/homes/${encodeURIComponent(id)}/export`}
          download="carebox.json"
          variant="default"
          h={48}
          leftSection={<IconDownload size={20} aria-hidden />}
        >
          {t("settings.export")}
        </Button>
        <Button variant="subtle" color="red" h={48} disabled={locked !== null} title={locked ?? undefined} onClick={() => setOpen(true)}>
          {t("settings.deleteHome")}
        </Button>
      </Stack>
      <Dialog name="deleteHome" opened={open} close={() => setOpen(false)} title={t("settings.deleteHome")}>
        <form onSubmit={(event) => void remove(event)}>
          <Stack>
            <Text>{t("settings.deleteText")}</Text>
            <PasswordInput
              size="lg"
              label={t("settings.deletePassword")}
              value={password}
              autoComplete="current-password"
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {error && <Text role="alert">{error}</Text>}
            <Button size="lg" color="red" type="submit" disabled={!password}>
              {t("settings.deleteYes", { home: state.home.name })}
            </Button>
            <Button size="lg" variant="default" onClick={() => setOpen(false)}>
              {t("app.cancel")}
            </Button>
          </Stack>
        </form>
      </Dialog>
    </Section>
  );
}
