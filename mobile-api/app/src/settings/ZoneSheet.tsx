import { Button, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { whatIf } from "../api/query";
import { useAsk } from "../change/useAsk";
import { policyOf } from "../change/wish";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import classes from "./Settings.module.css";
import { nextCut, zoneName, zonesLike } from "./zone";

const most = 6;

/** Another time zone; what it would change is shown first, by the real engine. */
export default function ZoneSheet({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const { ask, busy, refusal } = useAsk();
  const [text, setText] = useState("");
  const [zone, setZone] = useState("");
  const found = text.trim() ? zonesLike(text, most) : [];
  const save = async () => {
    if (await ask(policyOf(id, (policy) => ({ ...policy, zone }), t("change.what_zone")))) close();
  };
  return (
    <Dialog name="zone" close={close} title={t("settings.zoneChange")} centered={false}>
      <Stack>
        <TextInput
          size="lg"
          label={t("settings.zoneSearch")}
          value={text}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {text.trim() && found.length === 0 && <Text>{t("settings.zoneNothing")}</Text>}
        {found.length > 0 && (
          <Radio.Group label={t("settings.zonePick")} value={zone} onChange={setZone}>
            {found.map((one) => (
              <Radio key={one} value={one} size="md" py={10} label={zoneName(one)} />
            ))}
          </Radio.Group>
        )}
        {zone && zone !== state.policy.zone && <Preview zone={zone} />}
        {refusal}
        <Button size="lg" loading={busy} disabled={!zone || zone === state.policy.zone} onClick={() => void save()}>
          {zone ? t("settings.zoneSave", { zone: zoneName(zone) }) : t("settings.zonePick")}
        </Button>
      </Stack>
    </Dialog>
  );
}

function Preview({ zone }: { zone: string }) {
  const { t } = useTranslation();
  const { id, state, words } = useHome();
  const { data } = useQuery({
    queryKey: ["zone", id, state.asked.revision, zone],
    queryFn: async () => {
      const now = new Date();
      const to = new Date(now.getTime() + 8 * 86_400_000);
      const rows = await whatIf(id, { ...state.policy, zone, overrides: [] }, { from: now.toISOString(), to: to.toISOString() });
      const people = (state.policy.people ?? []).flatMap((person) => {
        const device = state.policy.devices?.find((d) => d.person === person.id)?.id;
        const cut = device && nextCut(rows, device, now);
        return cut ? [{ name: person.name, at: cut.toISOString() }] : [];
      });
      return people[0] ?? null;
    },
  });
  if (data === undefined) return <p className={classes.preview}>{t("app.loading")}</p>;
  if (data === null) return <p className={classes.preview}>{t("settings.zoneNobody")}</p>;
  const at = new Date(data.at);
  const there = moment(at, words.now, { ...words.reader, zone });
  const here = moment(at, words.now, words.reader);
  return <p className={classes.preview}>{t("settings.zonePreview", { name: data.name, there, here, zone: zoneName(zone) })}</p>;
}
