import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { sessionsQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import classes from "./Settings.module.css";
import { isWrong } from "./wrong";

/** A new password; the member's other sessions end with it. */
export function PasswordChange() {
  const { t } = useTranslation();
  const { line } = useHome();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [said, setSaid] = useState("");

  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await answer(api.PUT("/me/password", { body: { current, new: next } }));
      setSaid(t("settings.passwordDone"));
      setCurrent("");
      setNext("");
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    } catch (caught) {
      setSaid(isWrong(caught) ? t("settings.passwordWrong") : whyNot(caught as Error, t));
    }
  };
  return (
    <div>
      <div className={classes.label}>{t("settings.password")}</div>
      <Button variant="default" h={48} disabled={line === "offline" || line === "away"} onClick={() => setOpen(true)}>
        {t("settings.passwordChange")}
      </Button>
      <Dialog name="password" opened={open} close={() => setOpen(false)} title={t("settings.passwordChange")}>
        <form onSubmit={(event) => void save(event)}>
          <Stack>
            <PasswordInput
              size="lg"
              label={t("settings.passwordOld")}
              value={current}
              autoComplete="current-password"
              onChange={(event) => setCurrent(event.currentTarget.value)}
            />
            <PasswordInput
              size="lg"
              label={t("settings.passwordNew")}
              value={next}
              autoComplete="new-password"
              onChange={(event) => setNext(event.currentTarget.value)}
            />
            {said && <Text role="alert">{said}</Text>}
            <Button size="lg" type="submit" disabled={!current || next.length < 10}>
              {t("app.save")}
            </Button>
          </Stack>
        </form>
      </Dialog>
    </div>
  );
}
