import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { zoneName } from "./zone";

const ZoneSheet = lazy(() => import("./ZoneSheet"));

export function ZoneSection() {
  const { t } = useTranslation();
  const { state, locked } = useHome();
  const [open, setOpen] = useState(false);
  return (
    <Section title={t("settings.zone")} hint={zoneName(state.policy.zone)}>
      <Button variant="default" h={48} disabled={locked !== null} title={locked ?? undefined} onClick={() => setOpen(true)}>
        {t("settings.zoneChange")}
      </Button>
      <Suspense>{open && <ZoneSheet close={() => setOpen(false)} />}</Suspense>
    </Section>
  );
}
