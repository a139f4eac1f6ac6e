import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { meQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { forgetEnd } from "../shell/signedOut";
import { codeHere, isGone } from "./code";
import { Door } from "./Door";

/** Signs a child in again with a code that a parent made; by a tap, so that a program that reads links uses nothing up. */
export function EnterScreen() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [code] = useState(codeHere);
  const [error, setError] = useState("");
  const enter = async () => {
    setError("");
    try {
      await answer(api.POST("/sessions/entry", { body: { code, kind: "browser" } }));
      client.clear();
      forgetEnd();
      await client.fetchQuery(meQuery);
      await navigate({ to: "/" });
    } catch (caught) {
      setError(isGone(caught) ? t("join.resetGone") : whyNot(caught as Error, t));
    }
  };
  return (
    <Door title={t("leaving.enterTitle")} submit={enter} error={error}>
      <Text>{t("leaving.enterText")}</Text>
      <Button size="lg" type="submit" disabled={!code}>
        {t("leaving.enter")}
      </Button>
    </Door>
  );
}
