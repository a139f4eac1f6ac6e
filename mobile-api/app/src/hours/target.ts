import type { Policy, Schedule, Target } from "../api/client";
import { sameTarget } from "../home/standing";

export type Kind = "person" | "device";

export function targetFor(kind: string, id: string): Target {
  return kind === "person" ? { person: id } : { device: id };
}

export function kindOfTarget(target: Target): Kind {
  return target.person ? "person" : "device";
}

/** The hours of exactly this target. */
export function ownSchedules(policy: Policy, target: Target): Schedule[] {
  return (policy.schedules ?? []).filter((schedule) => sameTarget(schedule.for, target));
}

/** Hours that hold here too: of the whole home, and for a device of its owner. */
export function wideSchedules(policy: Policy, target: Target): Schedule[] {
  const owner = policy.devices?.find(({ id }) => id === target.device)?.person;
  return (policy.schedules ?? []).filter(({ for: who }) => who.home || (owner && who.person === owner));
}

/** The devices that a target covers, by id. */
export function devicesOf(policy: Policy, target: Target): string[] {
  return (policy.devices ?? [])
    .filter(({ id, person }) => target.home || id === target.device || (target.person !== undefined && person === target.person))
    .map(({ id }) => id);
}
