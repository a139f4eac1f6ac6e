import { Chip } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { KindIcon } from "../parts/KindIcon";
import type { Problem } from "../api/client";
import { useHome } from "../shell/HomeContext";
import type { Draft } from "./draft";
import classes from "./Sheet.module.css";
import { viewersOf } from "./who";
import { Wrong } from "./Wrong";

export type FieldProps = { draft: Draft; change: (part: Partial<Draft>) => void; problems: Problem[] };

/** For which devices. The first one's figures are shown. */
export function WhoField({ draft, change, problems }: FieldProps) {
  const { t } = useTranslation();
  const { policy } = useHome().state;
  const id = useId();
  const devices = viewersOf(policy);
  const toggle = (device: string) =>
    change({ devices: draft.devices.includes(device) ? draft.devices.filter((one) => one !== device) : [...draft.devices, device] });
  return (
    <div role="group" aria-labelledby={id}>
      <h3 id={id} className={classes.label}>
        {t("tv.who")}
      </h3>
      {devices.length === 0 && <p className={classes.hint}>{t("tv.whoNobody")}</p>}
      <div className={classes.chips}>
        {devices.map(({ id: device, name, kind }) => (
          <Chip
            key={device}
            size="md"
            checked={draft.devices.includes(device)}
            icon={<KindIcon kind={kind} size={16} />}
            onChange={() => toggle(device)}
          >
            {name}
          </Chip>
        ))}
      </div>
      <Wrong problems={problems} of={["devices"]} />
    </div>
  );
}
