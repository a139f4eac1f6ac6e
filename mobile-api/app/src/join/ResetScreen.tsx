import { Button, PasswordInput, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { whyNot } from "../change/failure";
import { codeHere, isGone } from "./code";
import { Door } from "./Door";

/** A new password with the code of a letter. */
export function ResetScreen() {
  const { t } = useTranslation();
  const [code] = useState(codeHere);
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const [error, setError] = useState("");
  const save = async () => {
    setError("");
    try {
      await answer(api.PUT("/password-resets", { body: { code, password } }));
      setDone(true);
    } catch (caught) {
      setError(isGone(caught) ? t("join.resetGone") : whyNot(caught as Error, t));
    }
  };
  return (
    <Door title={t("join.resetTitle")} submit={save} error={error}>
      {done ? (
        <Text role="status">{t("join.resetDone")}</Text>
      ) : (
        <>
          <PasswordInput
            size="lg"
            label={t("join.password")}
            value={password}
            autoComplete="new-password"
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button size="lg" type="submit" disabled={password.length < 10}>
            {t("join.resetSave")}
          </Button>
        </>
      )}
    </Door>
  );
}
