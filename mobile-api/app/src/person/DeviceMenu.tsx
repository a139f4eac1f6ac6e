import { ActionIcon, Button, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device, Policy } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { useAsk } from "../change/useAsk";
import { policyOf, putOf } from "../change/wish";
import { Dialog } from "../parts/Dialog";
import { kindNamed, kinds } from "../parts/KindIcon";
import { useHome } from "../shell/HomeContext";

/** What a device is called, what it is, whose it is; blocking and forgetting it. */
export function DeviceMenu({ device }: { device: Device }) {
  const { t } = useTranslation();
  const { id, state, decides, locked } = useHome();
  const { ask } = useChanges();
  const inside = useAsk();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(device);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const clean = { ...draft, name: draft.name.trim() };
    if (clean.name && (await inside.ask(putOf(id, "devices", clean, clean.name)))) setOpen(false);
  };
  const block = () => {
    setOpen(false);
    void ask(putOf(id, "devices", { ...device, refused: true }, t("change.what_block", { name: device.name })));
  };
  const forget = async () => {
    setOpen(false);
    const label = t("change.what_deleted", { name: device.name });
    if (await ask(policyOf(id, (policy) => withoutDevice(policy, device.id), label))) await navigate({ to: "/" });
  };
  const show = () => {
    setDraft(device);
    setOpen(true);
  };
  if (!decides) return null;
  return (
    <>
      <ActionIcon size={44} variant="subtle" color="gray" aria-label={t("app.edit")} disabled={locked !== null} onClick={show}>
        <IconPencil size={22} aria-hidden />
      </ActionIcon>
      <Dialog name="device" opened={open} close={() => setOpen(false)} title={device.name}>
        <form onSubmit={(event) => void save(event)}>
          <Stack>
            <TextInput
              size="lg"
              label={t("name.name")}
              value={draft.name}
              maxLength={80}
              onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
            />
            <NativeSelect
              size="lg"
              label={t("name.what")}
              value={kindNamed(draft.kind)}
              data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
              onChange={(event) => setDraft({ ...draft, kind: event.currentTarget.value })}
            />
            <NativeSelect
              size="lg"
              label={t("name.whose")}
              value={draft.person ?? ""}
              data={[
                { value: "", label: t("home.nobodys") },
                ...(state.policy.people ?? []).map(({ id: value, name: label }) => ({ value, label })),
              ]}
              onChange={(event) => setDraft({ ...draft, person: event.currentTarget.value })}
            />
            <Text size="sm" c="var(--ink-2)">
              {t("name.identifiers", { addresses: device.macs.join(", ") })}
            </Text>
            {inside.refusal}
            <Button size="lg" type="submit" loading={inside.busy} disabled={!draft.name.trim()}>
              {t("app.save")}
            </Button>
            {!device.refused && (
              <Button size="lg" variant="default" onClick={block}>
                {t("act.block")}
              </Button>
            )}
            <Text size="sm" c="var(--ink-2)">
              {t("name.deleteDeviceText")}
            </Text>
            <Button size="lg" variant="light" color="red" onClick={() => void forget()}>
              {t("name.deleteDevice")}
            </Button>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}

/** A policy without a device and without all that names it. */
function withoutDevice(policy: Policy, id: string): Policy {
  const others = <T extends { for: { device?: string } }>(list: T[] | undefined) => (list ?? []).filter((rule) => rule.for.device !== id);
  return {
    ...policy,
    devices: (policy.devices ?? []).filter((device) => device.id !== id),
    schedules: others(policy.schedules),
    exceptions: others(policy.exceptions),
    overrides: others(policy.overrides),
    budgets: others(policy.budgets),
    reservations: (policy.reservations ?? [])
      .map((one) => ({ ...one, devices: one.devices.filter((device) => device !== id) }))
      .filter(({ devices }) => devices.length > 0),
  };
}
