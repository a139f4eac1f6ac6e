import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { casesQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { askForPerson, type Finding } from "./ask";

/** Asks for a person: with where one comes from, what was done before and what a guide found. It leads to the request. */
export function useTalk(home: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const talk = async (findings: Finding[] = []) => {
    setBusy(true);
    setWrong("");
    try {
      const made = await askForPerson(home, { findings });
      await client.invalidateQueries({ queryKey: casesQuery(home).queryKey });
      await navigate({ to: "/help/case/$case", params: { case: made.id } });
    } catch (error) {
      setWrong(whyNot(error as Error, t));
    }
    setBusy(false);
  };
  return { talk, busy, wrong };
}
