import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { targetName } from "../home/sentence";
import { useHome } from "../shell/HomeContext";
import { Editor } from "./Editor";
import { ownSchedules, targetFor } from "./target";

/** The editor follows the home until something is changed in it; from then on whoever changes the same is told at saving. */
export function HoursScreen() {
  const { t } = useTranslation();
  const { kind, id } = useParams({ from: "/inside/hours/$kind/$id" });
  const navigate = useNavigate();
  const { state, words, decides } = useHome();
  const [changing, setChanging] = useState<string | null>(null); // the week that the person began with
  const target = targetFor(kind, id);
  const list = target.person ? state.policy.people : state.policy.devices;
  if (!decides) return <p>{t("act.childWhy")}</p>;
  if (!list?.some((entry) => entry.id === id)) return <p>{t("person.gone")}</p>;
  const theirs = JSON.stringify(ownSchedules(state.policy, target));
  const leave = () => void navigate({ to: target.person ? "/person/$id" : "/device/$id", params: { id } });
  return (
    <Editor
      key={`${kind} ${id} ${changing ?? theirs}`}
      target={target}
      name={targetName(target, words)}
      leave={leave}
      changing={(yes) => setChanging(yes ? (changing ?? theirs) : null)}
    />
  );
}
