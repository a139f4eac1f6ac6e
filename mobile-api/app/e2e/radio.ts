import type { Page } from "@playwright/test";

// A home with radios for the eye: the virtual home has none, the laboratory's are looked at by machines.

const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

const channel = (number: number, more: object = {}) => ({
  number, frequency: number < 15 ? 2407 + 5 * number : 5000 + 5 * number, widths: [20, 40, 80], radar: number >= 52, power: 23,
  busy: number % 13, noise: -95, ...more,
});

const numbers = [36, 40, 44, 48, 52, 56, 60, 64, 100, 104, 108, 112, 116, 120, 124, 128, 132, 136, 140];

function radios(phone: string, tv: string) {
  const station = { retries: 420, failed: 2, packets: 20_000, since: at(-90) };
  return [
    {
      name: "wlan0", band: "2.4GHz", country: "FR", channel: 6, width: 20, state: "up", why: "Auto_Startup", since: at(-1800), load: 62, radar: [],
      channels: numbers.slice(0, 13).map((_, i) => channel(i + 1, { radar: false, widths: [20, 40], busy: 10 + 4 * i })),
      bsses: [{ interface: "wlan0", bssid: "02:00:00:00:02:00", ssid: "Home", exclusive: false }],
      stations: [{ ...station, mac: phone, interface: "wlan0", signal: -67, txRate: 72_000_000, rxRate: 65_000_000 }],
    },
    {
      name: "wlan1", band: "5GHz", country: "FR", channel: 44, width: 80, state: "up", why: "Reservation", since: at(-95), load: 18,
      channels: numbers.map((number) => channel(number, number > 128 ? { widths: [20, 40] } : {})),
      bsses: [{ interface: "wlan1", bssid: "02:00:00:00:05:00", ssid: "Home", exclusive: true }],
      stations: [{ ...station, mac: tv, interface: "wlan1", signal: -54, txRate: 866_000_000, rxRate: 780_000_000 }],
      radar: [{ channel: 52, at: at(-12), until: at(18) }, { channel: 100, at: at(-1560), until: at(-1500) }],
    },
  ];
}

const kept = { id: "tv", devices: ["tv"], band: "5GHz", channel: 44, width: 80, exclusive: true, floorDown: 25_000_000, floorUp: 1_000_000 };

const figures = {
  before: { signal: -71, retries: 23, rate: 144_000_000, at: at(-97) },
  after: { signal: -54, retries: 2, rate: 866_000_000, at: at(-1) },
};

/** What the box says of the place that is kept for the TV. */
export const holds = {
  kept: { asked: {}, hold: { state: "in-force", channel: 44, ...figures } },
  moved: { asked: { channel: 52, fallback: [44, 36] }, hold: { state: "moved", why: "radar", channel: 44, returns: at(18), ...figures } },
  delayed: { asked: { channel: 60, fallback: [44] }, hold: { state: "delayed", channel: 44 } },
  "rolled-back": { asked: { channel: 36 }, hold: { state: "rolled-back", why: "tv-lost", channel: 44, ...figures } },
  refused: { asked: { floorDown: 90_000_000 }, hold: { state: "refused", why: "floors-too-high" } },
};

type State = {
  policy: { devices: { id: string; macs: string[] }[]; reservations: unknown[] };
  delivery: string;
} & Record<string, unknown>;

/** Lets the page see a house with two radios, and a place that is kept as the box says. */
export async function withRadios(page: Page, of: keyof typeof holds) {
  await page.route(/\/api\/homes\/[0-9a-f-]{36}$/, async (route) => {
    const response = await route.fetch();
    const state = (await response.json()) as State;
    const mac = (id: string) => state.policy.devices.find((device) => device.id === id)?.macs[0] ?? "";
    const { asked, hold } = holds[of];
    const reservation = { ...kept, ...asked, windows: [] };
    const inForce = { id: "tv", width: 80, exclusive: true, floorDown: 25_000_000, since: at(-95), ...hold };
    const json = {
      ...state, radios: radios(mac("leo-phone"), mac("tv")), line: { down: 100_000_000, up: 20_000_000, source: "measured", at: at(-240) },
      policy: { ...state.policy, reservations: [reservation] },
      reservations: [{ id: "tv", asked: true, live: true, changes: null, inForce }],
    };
    await route.fulfill({ response, json });
  });
}
