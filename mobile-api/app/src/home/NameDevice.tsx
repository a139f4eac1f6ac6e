import { Button, Chip, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Policy } from "../api/client";
import { useAsk } from "../change/useAsk";
import { policyOf } from "../change/wish";
import { Dialog } from "../parts/Dialog";
import { kindGuessed, KindIcon, kinds } from "../parts/KindIcon";
import { useHome } from "../shell/HomeContext";
import classes from "./HomeScreen.module.css";
import { idFor } from "./id";
import type { Naming } from "./naming";

/** Done: once it has its name. */
type Props = { naming: Naming; close: () => void; done?: () => void };

/** Gives a seen device a name, a picture and an owner, who may be someone new. */
export default function NameDevice({ naming: { row, owner }, close, done }: Props) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const { ask, busy, refusal } = useAsk();
  const guess = kindGuessed(row.hostname);
  const [kind, setKind] = useState(guess);
  const [name, setName] = useState(row.hostname || (guess === "other" ? "" : t(`kind.${guess}`)));
  const [person, setPerson] = useState(owner);
  const [newcomer, setNewcomer] = useState("");
  const what = useId();
  const whose = useId();
  const people = state.policy.people ?? [];
  const ready = name.trim() !== "" && (person !== null || newcomer.trim() !== "");
  const ownerName = person === null ? newcomer.trim() : (people.find((p) => p.id === person)?.name ?? t("home.shared"));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const edit = (policy: Policy): Policy => {
      const known = policy.people ?? [];
      const devices = policy.devices ?? [];
      const ownerID = person ?? idFor(newcomer, known.map((p) => p.id));
      const device = {
        id: idFor(`${ownerID} ${kind}`, devices.map((d) => d.id)), name: name.trim(), kind, macs: [row.mac],
        ...(ownerID ? { person: ownerID } : {}),
      };
      return {
        ...policy,
        people: person === null ? [...known, { id: ownerID, name: newcomer.trim() }] : known,
        devices: [...devices, device],
      };
    };
    if (!(await ask(policyOf(id, edit, t("name.saved", { device: name.trim(), name: ownerName }))))) return;
    close();
    done?.();
  };

  return (
    <Dialog name="nameDevice" close={close} title={t("name.title")}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <div role="group" aria-labelledby={whose}>
            <Text id={whose} fw={550} mb={6}>
              {t("name.whose")}
            </Text>
            <div className={classes.faces}>
              {people.map((p) => (
                <Chip key={p.id} size="md" checked={person === p.id} onChange={() => setPerson(p.id)}>
                  {p.name}
                </Chip>
              ))}
              <Chip size="md" checked={person === ""} onChange={() => setPerson("")}>
                {t("home.nobodys")}
              </Chip>
              <Chip size="md" checked={person === null} onChange={() => setPerson(null)}>
                {t("name.newPerson")}
              </Chip>
            </div>
            {person === null && (
              <TextInput
                size="lg"
                label={t("name.personName")}
                value={newcomer}
                maxLength={80}
                autoComplete="off"
                data-autofocus
                onChange={(event) => setNewcomer(event.currentTarget.value)}
              />
            )}
          </div>
          <div role="group" aria-labelledby={what}>
            <Text id={what} fw={550} mb={6}>
              {t("name.what")}
            </Text>
            <div className={classes.faces}>
              {kinds.map((word) => (
                <Chip key={word} size="md" checked={kind === word} onChange={() => setKind(word)} icon={<KindIcon kind={word} size={16} />}>
                  {t(`kind.${word}`)}
                </Chip>
              ))}
            </div>
          </div>
          <TextInput
            size="lg"
            label={t("name.name")}
            value={name}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {refusal}
          <Button size="lg" type="submit" loading={busy} disabled={!ready}>
            {t("app.save")}
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
