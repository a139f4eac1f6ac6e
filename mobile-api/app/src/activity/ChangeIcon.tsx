import {
  IconAdjustments, IconArrowBackUp, IconCalendarEvent, IconDevices, IconHome, IconHourglass, IconMoon, IconPlayerPause, IconPlayerPlay,
  IconPlus, IconDeviceTv, IconUser,
} from "@tabler/icons-react";

const icons: Record<string, typeof IconHome> = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  lift: IconPlayerPlay,
  bonus: IconPlus,
  undo: IconArrowBackUp,
  person: IconUser,
  device: IconDevices,
  schedule: IconMoon,
  exception: IconCalendarEvent,
  budget: IconHourglass,
  reservation: IconDeviceTv,
  people: IconUser,
  devices: IconDevices,
  schedules: IconMoon,
  exceptions: IconCalendarEvent,
  budgets: IconHourglass,
  reservations: IconDeviceTv,
  create: IconHome,
};

export function ChangeIcon({ code }: { code: string }) {
  const Icon = icons[code.replace("-removed", "")] ?? IconAdjustments;
  return <Icon size={22} stroke={1.75} aria-hidden />;
}
