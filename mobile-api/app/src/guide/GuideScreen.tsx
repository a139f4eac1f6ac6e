import { IconChevronLeft } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import section from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { GuideSteps } from "./GuideSteps";
import { awayGuide, guideOf } from "./tree";

/** A guide: one question a screen. Where the box does not answer, it is looked at first, whatever was asked for. */
export function GuideScreen() {
  const { t } = useTranslation();
  const { guide: id } = useParams({ from: "/inside/help/guide/$guide" });
  const { state, decides, line } = useHome();
  const silent = line === "offline" || line === "away" || (state.box !== null && !state.box.reachable);
  const [first] = useState(silent ? awayGuide : id); // as it was at the beginning: nobody is thrown out of a guide
  const [chosen, setChosen] = useState<string | null>(null);
  const asked = guideOf(id);
  const guide = guideOf(chosen ?? first);
  if (!asked || !guide) return <ToHelp text={t("guide.gone")} />;
  if (!decides) return <ToHelp text={t("guide.childOnly")} />;
  const instead = guide.id !== asked.id;
  return (
    <div>
      <ToHelp />
      <GuideSteps key={guide.id} guide={guide} asked={asked} lookAtBox={() => setChosen(awayGuide)}>
        {instead && <p className={section.hint}>{t("guide.instead")}</p>}
      </GuideSteps>
    </div>
  );
}

/** The way back to where guides are chosen; with a text where there is nothing else. */
function ToHelp({ text }: { text?: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to="/help" className={section.back}>
        <IconChevronLeft size={22} aria-hidden />
        {t("guide.toHelp")}
      </Link>
      {text && <p>{text}</p>}
    </>
  );
}
