import { ActionIcon, Button, Stack, Text, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person, Policy } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { useAsk } from "../change/useAsk";
import { policyOf, putOf } from "../change/wish";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";

/** A person's name, and taking them away with all that is only theirs. */
export function PersonMenu({ person }: { person: Person }) {
  const { t } = useTranslation();
  const { id, decides, locked } = useHome();
  const { ask } = useChanges();
  const inside = useAsk();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState(person.name);

  const rename = async (event: FormEvent) => {
    event.preventDefault();
    const clean = name.trim();
    if (clean && (await inside.ask(putOf(id, "people", { ...person, name: clean }, t("change.what_renamed", { name: clean }))))) setOpen(false);
  };
  const remove = async () => {
    setOpen(false);
    const label = t("change.what_deleted", { name: person.name });
    if (await ask(policyOf(id, (policy) => withoutPerson(policy, person.id), label))) await navigate({ to: "/" });
  };
  if (!decides) return null;
  return (
    <>
      <ActionIcon
        size={44}
        variant="subtle"
        color="gray"
        aria-label={t("name.rename")}
        disabled={locked !== null}
        onClick={() => setOpen(true)}
      >
        <IconPencil size={22} aria-hidden />
      </ActionIcon>
      <Dialog name="renamePerson" opened={open} close={() => setOpen(false)} title={t("name.rename")}>
        <form onSubmit={(event) => void rename(event)}>
          <Stack>
            <TextInput
              size="lg"
              label={t("name.personName")}
              value={name}
              maxLength={80}
              data-autofocus
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {inside.refusal}
            <Button size="lg" type="submit" loading={inside.busy} disabled={!name.trim()}>
              {t("app.save")}
            </Button>
            <Text size="sm" c="var(--ink-2)">
              {t("name.deletePersonText")}
            </Text>
            <Button size="lg" variant="light" color="red" onClick={() => void remove()}>
              {t("name.deletePerson", { name: person.name })}
            </Button>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}

/** A policy without a person and without all that names them; their devices become the home's. */
function withoutPerson(policy: Policy, id: string): Policy {
  const others = <T extends { for: { person?: string } }>(list: T[] | undefined) => (list ?? []).filter((rule) => rule.for.person !== id);
  return {
    ...policy,
    people: (policy.people ?? []).filter((person) => person.id !== id),
    devices: (policy.devices ?? []).map((device) => (device.person === id ? { ...device, person: "" } : device)),
    schedules: others(policy.schedules),
    exceptions: others(policy.exceptions),
    overrides: others(policy.overrides),
    budgets: others(policy.budgets),
  };
}
