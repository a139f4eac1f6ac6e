import { Stack } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { summarise } from "../home/standing";
import { MomentButtons } from "../home/MomentButtons";
import { DeviceLink } from "../parts/DeviceLink";
import { Face } from "../parts/Face";
import { StateLine } from "../parts/StateLine";
import { useHome } from "../shell/HomeContext";
import { Back } from "./Back";
import { BudgetSection } from "../budget/BudgetSection";
import { DaysSection } from "../days/DaysSection";
import { OutlookSection } from "../outlook/OutlookSection";
import { HoursSection } from "./HoursSection";
import { LastWeek } from "./LastWeek";
import { PersonMenu } from "./PersonMenu";
import { Section } from "./Section";
import classes from "./Section.module.css";

/** One person: how they stand now, their week, and every device they have. */
export function PersonScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/inside/person/$id" });
  const { state } = useHome();
  const person = state.policy.people?.find((p) => p.id === id);
  if (!person) return <Back text={t("person.gone")} />;
  const target = { person: id };
  const rows = state.devices.filter((row) => row.id !== null && row.person === id);
  const summary = summarise(rows, state);
  return (
    <div>
      <Back />
      <Stack gap="md">
        <header className={classes.head2}>
          <Face id={id} name={person.name} size={56} />
          <h1 className={classes.title}>{person.name}</h1>
          <PersonMenu person={person} />
        </header>
        {summary && <StateLine standing={summary.main} />}
        {summary && <MomentButtons target={target} name={person.name} rows={rows} />}
        <HoursSection target={target} name={person.name} />
        <DaysSection target={target} name={person.name} />
        <BudgetSection target={target} name={person.name} />
        {rows.length > 0 && <LastWeek person={id} />}
        {rows.length > 0 && (
          <Section title={t("person.devices")}>
            {rows.map((row) => (
              <DeviceLink key={row.mac} row={row} />
            ))}
          </Section>
        )}
        {rows.length > 0 && <OutlookSection target={target} name={person.name} />}
      </Stack>
    </div>
  );
}
