import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { targetName } from "../home/sentence";
import { useHome } from "../shell/HomeContext";
import { Editor } from "./Editor";
import { targetFor } from "./target";

export function HoursScreen() {
  const { t } = useTranslation();
  const { kind, id } = useParams({ from: "/inside/hours/$kind/$id" });
  const navigate = useNavigate();
  const { state, words, decides } = useHome();
  const target = targetFor(kind, id);
  const list = target.person ? state.policy.people : state.policy.devices;
  if (!decides) return <p>{t("act.childWhy")}</p>;
  if (!list?.some((entry) => entry.id === id)) return <p>{t("person.gone")}</p>;
  const leave = () => void navigate({ to: target.person ? "/person/$id" : "/device/$id", params: { id } });
  return <Editor key={kind + id} target={target} name={targetName(target, words)} leave={leave} />;
}
