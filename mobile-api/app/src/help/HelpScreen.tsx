import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { GuideList } from "../guide/GuideList";
import section from "../person/Section.module.css";
import { CaseList } from "./CaseList";
import { TalkCard } from "./TalkCard";

/** Help: a person first, then what the box sees and the guides, then what was asked before. */
export function HelpScreen() {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <h1 className={section.title}>{t("help.title")}</h1>
      <TalkCard />
      <GuideList />
      <CaseList />
    </Stack>
  );
}
