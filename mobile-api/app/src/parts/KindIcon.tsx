import {
  IconCamera, IconDeviceDesktop, IconDeviceGamepad2, IconDeviceLaptop, IconDeviceMobile, IconDeviceSpeaker, IconDeviceTablet,
  IconDeviceTv, IconDeviceWatch, IconDevices, IconPrinter,
} from "@tabler/icons-react";

const icons = {
  phone: IconDeviceMobile,
  tablet: IconDeviceTablet,
  laptop: IconDeviceLaptop,
  computer: IconDeviceDesktop,
  tv: IconDeviceTv,
  console: IconDeviceGamepad2,
  speaker: IconDeviceSpeaker,
  watch: IconDeviceWatch,
  printer: IconPrinter,
  camera: IconCamera,
  other: IconDevices,
};

export type Kind = keyof typeof icons;
export const kinds = Object.keys(icons) as Kind[];

export function kindNamed(word: string): Kind {
  return kinds.find((kind) => kind === word) ?? "other";
}

/** What it probably is, by what it calls itself. */
export function kindGuessed(hostname: string): Kind {
  const guesses: [RegExp, Kind][] = [
    [/tv|chromecast|roku|bravia/i, "tv"], [/ipad|tab/i, "tablet"], [/phone|galaxy|pixel|android|redmi|oneplus/i, "phone"],
    [/book|laptop|thinkpad|portable/i, "laptop"], [/xbox|playstation|ps[45]|switch|nintendo/i, "console"], [/watch/i, "watch"],
    [/printer|epson|canon|hp[0-9a-f]{6}/i, "printer"], [/sonos|homepod|echo|speaker/i, "speaker"], [/cam/i, "camera"],
    [/desktop|pc|mac/i, "computer"],
  ];
  return guesses.find(([pattern]) => pattern.test(hostname))?.[1] ?? "other";
}

export function KindIcon({ kind, size = 22 }: { kind: string; size?: number }) {
  const Icon = icons[kindNamed(kind)];
  return <Icon size={size} stroke={1.6} aria-hidden />;
}
