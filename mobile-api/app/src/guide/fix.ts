import type { Device, DeviceRow, HomeState, Policy, Reservation } from "../api/client";
import type { Wish } from "../change/ChangeContext";
import { bonusOf, liftOf, pauseOf, policyOf, putOf, resumeOf } from "../change/wish";
import { idFor } from "../home/id";
import { targetName } from "../home/sentence";
import { joined, twinOf } from "../home/twin";
import { presets, ruleOf } from "../hours/preset";
import { scheduleOf } from "../hours/week";
import { type Draft, freshReservation, onBand, reservationOf } from "../tv/draft";
import { leftFor, mega } from "../tv/rate";
import { joinedAs } from "../tv/who";
import { askedWords } from "../tv/words";
import { barriers, type Known, rowOf } from "./fact";
import type { FixName, Node } from "./tree";
import type { Subject } from "./walk";

/** A change that a guide proposes: what is asked for, and what exactly it will set; or a device that has to be given a name. */
export type Proposal = { wish: Wish; lines: string[] } | { name: DeviceRow };

type At = Known & { home: string; row: DeviceRow | undefined; subject: Subject; args: NonNullable<Node["args"]> };

/** The change that a fix stands for; "done" where it is so already, null where it cannot be made. */
export function proposalOf(home: string, node: Node, known: Known, subject: Subject): Proposal | "done" | null {
  if (!node.fix) return null;
  return fixes[node.fix]({ ...known, home, row: rowOf(known, subject.device), subject, args: node.args ?? {} });
}

const fixes: Record<FixName, (at: At) => Proposal | "done" | null> = {
  reserve,
  release: ({ home, state, row, words }) => {
    const by = barriers({ state }, row).map((one) => one.by.id);
    if (by.length === 0) return "done";
    const opened = (one: Reservation) => (by.includes(one.id) ? { ...one, exclusive: false } : one);
    const edit = (policy: Policy) => ({ ...policy, reservations: (policy.reservations ?? []).map(opened) });
    return plain(policyOf(home, edit, words.t("guide.what_release")));
  },
  resume: ({ home, state, row, words }) => {
    const pause = overrideOf(state, row, "pause");
    return pause === null ? "done" : plain(resumeOf(home, pause.for, words.t("change.what_resume", { name: targetName(pause.for, words) })));
  },
  lift: ({ home, state, row, words }) => {
    const bonus = overrideOf(state, row, "bonus");
    return bonus === null ? "done" : plain(liftOf(home, bonus.id, words.t("change.what_lift", { name: targetName(bonus.for, words) })));
  },
  allow: ({ home, state, row, words }) => {
    const device = deviceOf(state, row);
    if (!device) return null;
    if (!device.refused) return "done";
    return plain(putOf(home, "devices", { ...device, refused: false }, words.t("change.what_unblock", { name: device.name })));
  },
  bonus: ({ home, row, words, args }) => {
    if (!row?.id) return null;
    const target = row.person ? { person: row.person } : { device: row.id };
    return plain(bonusOf(home, target, Number(args.minutes), words.t("change.what_bonus", { name: targetName(target, words) })));
  },
  pause: ({ home, row, words, args }) => {
    if (!row?.id) return null;
    const minutes = Number(args.minutes);
    return plain(pauseOf(home, { device: row.id }, { minutes }, words.t("change.what_pause", { name: row.name })));
  },
  "school-nights": ({ home, state, subject, words }) => {
    const preset = presets.find(({ kind }) => kind === "school-nights");
    if (!preset || !subject.person) return null;
    const name = words.t("rule.school-nights");
    const id = idFor("school nights", (state.policy.schedules ?? []).map((one) => one.id));
    const schedule = scheduleOf(ruleOf(preset, id, name), { person: subject.person });
    return plain(putOf(home, "schedules", schedule, words.t("guide.what_school", { name: targetName({ person: subject.person }, words) })));
  },
  join: ({ home, state, row, words }) => {
    const twin = row && twinOf(row, state);
    return twin ? plain(putOf(home, "devices", joined(twin, row.mac), words.t("twin.saved", { device: twin.name }))) : null;
  },
  name: ({ row }) => (row && row.id === null ? { name: row } : null),
};

const plain = (wish: Wish): Proposal => ({ wish, lines: [] });

function deviceOf(state: HomeState, row: DeviceRow | undefined): Device | undefined {
  return state.policy.devices?.find(({ id }) => id === row?.id);
}

/** The pause or the extra time that decides about a device now. */
function overrideOf(state: HomeState, row: DeviceRow | undefined, mode: "pause" | "bonus") {
  const reason = row?.asked.reason;
  return reason?.kind === mode ? (state.policy.overrides?.find(({ id }) => id === reason.id) ?? null) : null;
}

/** As much of the line as there is, on top of what is kept for the device already. */
function reserve({ home, state, row, words, args }: At): Proposal | null {
  const device = deviceOf(state, row);
  if (!device) return null;
  const before = state.policy.reservations?.find(({ devices }) => devices.includes(device.id));
  const id = before?.id ?? freshReservation(state.policy);
  const down = Math.min(Number(args.down), leftFor(state, { id, spans: [] }).down);
  if (down < mega) return null;
  const more = { floorDown: Math.max(down, before?.floorDown ?? 0), windows: [] };
  const asked = before ? { ...before, ...more } : fresh({ id, device, down }, args, state);
  return { wish: putOf(home, "reservations", asked, words.t("tv.saved", { name: device.name })), lines: askedWords(asked, words) };
}

type Blank = { id: string; device: Device; down: number };

function fresh({ id, device, down }: Blank, args: At["args"], { radios }: HomeState): Reservation {
  const blank: Draft = {
    id, devices: [device.id], band: null, channel: 0, width: 0, exclusive: false, down, up: 0, spans: [], fallback: [], now: false,
  };
  const joined = args.where === "line-and-channel" ? joinedAs(device, radios) : null;
  return reservationOf(joined ? onBand(blank, radios, joined.radio.band) : blank);
}
