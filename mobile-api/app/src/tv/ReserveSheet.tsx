import { Button, Stack } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Reservation } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { type Draft, reservationOf } from "./draft";
import { FineTuning } from "./FineTuning";
import { leftFor } from "./rate";
import { RateField } from "./RateField";
import classes from "./Sheet.module.css";
import { nameOf } from "./truth";
import { useReserve } from "./useReserve";
import { Cost, WifiField } from "./WifiField";
import { WhenField } from "./WhenField";
import { WhoField } from "./WhoField";
import { fieldsOf, Wrong } from "./Wrong";

type Props = { start: Draft; before: Reservation | undefined; close: () => void };

/** Makes or changes a place that is kept: for what, how much, where, when. */
export default function ReserveSheet({ start, before, close }: Props) {
  const { t } = useTranslation();
  const { state, words, locked } = useHome();
  const { save, problems, failure, busy } = useReserve();
  const [draft, setDraft] = useState(start);
  const form = useRef<HTMLFormElement>(null);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const nothing = !draft.band && draft.down === 0 && draft.up === 0;
  const ready = draft.devices.length > 0 && !nothing && Number.isFinite(draft.down) && Number.isFinite(draft.up);

  useEffect(() => {
    form.current?.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
  }, [problems, failure]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const reservation = reservationOf(draft, before);
    if (await save(reservation, t("tv.saved", { name: nameOf(reservation, words) }))) close();
  };
  const field = { draft, change, problems };
  return (
    <Dialog name="reserveTv" close={close} size="lg" title={t(before ? "tv.formChange" : "tv.form")}>
      <form ref={form} onSubmit={(event) => void submit(event)} className={classes.form}>
        <WhoField {...field} />
        <RateField {...field} left={leftFor(state, draft)} />
        <WifiField {...field} setDraft={setDraft} />
        <WhenField {...field} />
        <FineTuning {...field} setDraft={setDraft} />
        <Stack gap={8}>
          <Wrong problems={problems.filter((problem) => !fieldsOf(problem).known)} />
          {failure && (
            <p role="alert" className={classes.wrong}>
              {failure}
            </p>
          )}
          <Cost draft={draft} />
          {nothing && <p className={classes.hint}>{t("tv.nothing")}</p>}
          <Button size="lg" type="submit" loading={busy} disabled={!ready || locked !== null} title={locked ?? undefined}>
            {t(before ? "app.save" : "tv.add")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
