import { Button, Chip, Group, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Case } from "../api/client";
import { casesQuery, helpDeskQuery } from "../api/query";
import { Refusal } from "../api/refusal";
import { whyNot } from "../change/failure";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import classes from "./Help.module.css";

const shown = 8;

/** A call instead of waiting: an equal choice, and the place in the queue stays. */
export function CallBack({ request, locked }: { request: Case; locked: boolean }) {
  const { t } = useTranslation();
  const { id: home, words } = useHome();
  const client = useQueryClient();
  const { data: desk } = useQuery(helpDeskQuery(home));
  const [slot, setSlot] = useState("");
  const [phone, setPhone] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const time = (at: string) => moment(new Date(at), words.now, words.reader);

  const book = async (body: { at?: string; phone?: string }) => {
    setBusy(true);
    setWrong("");
    try {
      await answer(api.PUT("/homes/{home}/cases/{case}/callback", { params: { path: { home, case: request.id } }, body }));
    } catch (error) {
      if (error instanceof Refusal && error.code === "slot") setWrong(t("help.slotGone"));
      else if (error instanceof Refusal && error.status === 422) setWrong(t("help.phoneWrong"));
      else setWrong(whyNot(error as Error, t));
    }
    await Promise.all([casesQuery(home), helpDeskQuery(home)].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
    setBusy(false);
  };
  const alert = <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>;
  if (request.callback) {
    const { at, phone: on } = request.callback;
    return (
      <Section title={t("help.call")}>
        <p>{t("help.callBooked", { time: time(at), phone: on })}</p>
        <Button variant="default" loading={busy} disabled={locked} onClick={() => void book({})}>
          {t("help.callCancel")}
        </Button>
        {alert}
      </Section>
    );
  }
  const slots = desk?.slots.slice(0, shown) ?? [];
  return (
    <Section title={t("help.call")} hint={slots.length > 0 ? t("help.callHint") : t("help.noSlots")}>
      {slots.length > 0 && (
        <Stack>
          <div role="group" aria-label={t("help.callAt")}>
            <Chip.Group value={slot} onChange={(value) => setSlot(value as string)}>
              <Group gap="xs">
                {slots.map((at) => (
                  <Chip key={at} value={at}>
                    {time(at)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </div>
          <TextInput
            size="md"
            type="tel"
            autoComplete="tel"
            maxLength={30}
            label={t("help.callPhone")}
            value={phone}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
          <Button variant="default" loading={busy} disabled={locked || !slots.includes(slot) || !phone.trim()} onClick={() => void book({ at: slot, phone: phone.trim() })}>
            {t("help.callBook")}
          </Button>
        </Stack>
      )}
      {alert}
    </Section>
  );
}
