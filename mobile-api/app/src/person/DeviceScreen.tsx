import { Stack } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { DaysSection } from "../days/DaysSection";
import { MomentButtons } from "../home/MomentButtons";
import { standingOf } from "../home/standing";
import { OutlookSection } from "../outlook/OutlookSection";
import { KindIcon } from "../parts/KindIcon";
import { StateLine } from "../parts/StateLine";
import { useHome } from "../shell/HomeContext";
import { Back } from "./Back";
import { DeviceMenu } from "./DeviceMenu";
import { HoursSection } from "./HoursSection";
import classes from "./Section.module.css";

/** One device: how it stands, hours of its own, what it is and whose. */
export function DeviceScreen() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/inside/device/$id" });
  const { state } = useHome();
  const device = state.policy.devices?.find((d) => d.id === id);
  const row = state.devices.find((r) => r.id === id);
  if (!device || !row) return <Back text={t("person.gone")} />;
  const target = { device: id };
  return (
    <div>
      <Back />
      <Stack gap="md">
        <header className={classes.head2}>
          <KindIcon kind={device.kind} size={40} />
          <h1 className={classes.title}>{device.name}</h1>
          <DeviceMenu device={device} />
        </header>
        <StateLine standing={standingOf(row, state)} />
        <MomentButtons target={target} name={device.name} rows={[row]} />
        <HoursSection target={target} name={device.name} />
        <DaysSection target={target} name={device.name} />
        <OutlookSection target={target} name={device.name} />
      </Stack>
    </div>
  );
}
