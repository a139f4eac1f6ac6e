import { Button, Stack } from "@mantine/core";
import { IconDeviceTv } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Radio } from "../api/client";
import { BoxLine } from "../home/BoxLine";
import { Section } from "../person/Section";
import section from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { type Draft, draftOf, freshDraft, freshReservation, onBand, onChannel } from "./draft";
import { LineCard } from "./LineCard";
import { Moves } from "./Moves";
import { Place } from "./Place";
import { RadioCard } from "./RadioCard";
import classes from "./Tv.module.css";
import { nameOf } from "./truth";
import { WhichTv } from "./WhichTv";
import { televisionsOf } from "./who";

const ReserveSheet = lazy(() => import("./ReserveSheet"));

/** What is kept for TV and video, the radios as a picture, and the line. */
export function TvScreen() {
  const { t } = useTranslation();
  const { state, words, decides } = useHome();
  const [draft, setDraft] = useState<Draft | null>(null);
  const { radios, policy } = state;
  const known = policy.reservations ?? [];
  const fresh = () => freshDraft(state, freshReservation(policy));
  const keep = (radio: Radio, channel: number) => {
    const before = known.find(({ band }) => band === radio.band);
    const from = before ? draftOf(before) : onBand(fresh(), radios, radio.band);
    setDraft(onChannel(from, radios, channel));
  };
  const first = (radio: Radio) => (known.some(({ band }) => band === radio.band) ? 0 : radio.band === "5GHz" ? 1 : 2);
  const ordered = [...radios].sort((a, b) => first(a) - first(b));
  const nameOn = ({ band }: Radio) => {
    const kept = known.find((one) => one.band === band);
    return kept ? nameOf(kept, words) : (televisionsOf(policy)[0]?.name ?? t("kind.tv"));
  };
  if (!decides) return <Child />;
  return (
    <Stack gap="md">
      <header data-anchor="tv">
        <h1 className={section.title}>{t("tv.title")}</h1>
        <p className={section.hint}>{t("tv.lead")}</p>
        <BoxLine />
      </header>
      {state.reservations.map((row) => {
        const reservation = known.find(({ id }) => id === row.id);
        return <Place key={row.id} row={row} reservation={reservation} edit={(one) => setDraft(draftOf(one))} />;
      })}
      {known.length === 0 && televisionsOf(policy).length === 0 && <WhichTv />}
      <Add first={known.length === 0} add={() => setDraft(fresh())} />
      {ordered.map((radio) => (
        <RadioCard key={radio.name} radio={radio} name={nameOn(radio)} keep={(channel) => keep(radio, channel)} />
      ))}
      {radios.length === 0 && state.box?.reportedAt && (
        <Section title={t("tv.radios")}>
          <p className={classes.quiet}>{t("tv.noRadios")}</p>
        </Section>
      )}
      <LineCard />
      {radios.length > 0 && <Moves />}
      <Suspense>
        {draft && <ReserveSheet start={draft} before={known.find(({ id }) => id === draft.id)} close={() => setDraft(null)} />}
      </Suspense>
    </Stack>
  );
}

function Child() {
  const { t } = useTranslation();
  return (
    <div>
      <h1 className={section.title}>{t("tv.title")}</h1>
      <p>{t("tv.childOnly")}</p>
    </div>
  );
}

/** The one act of this screen: large while nothing is kept, small beside what is. */
function Add({ first, add }: { first: boolean; add: () => void }) {
  const { t } = useTranslation();
  const { state, locked } = useHome();
  const nobody = (state.policy.devices ?? []).length === 0;
  const button = (
    <Button
      size={first ? "lg" : "md"}
      variant={first ? "filled" : "subtle"}
      leftSection={<IconDeviceTv size={22} aria-hidden />}
      disabled={locked !== null || nobody}
      title={locked ?? undefined}
      onClick={add}
    >
      {t(first ? "tv.add" : "tv.addMore")}
    </Button>
  );
  if (!first) return <div>{button}</div>;
  return (
    <section className={`${section.section} ${classes.empty}`}>
      <strong>{t("tv.empty")}</strong>
      <p>{t(state.radios.length > 0 ? "tv.emptyText" : "tv.emptyLine")}</p>
      {button}
      {locked && <p className={classes.quiet}>{locked}</p>}
    </section>
  );
}
