import type { DeviceRow } from "../api/client";
import { unnamedOf } from "../home/standing";
import { kindGuessed } from "../parts/KindIcon";
import { type Known, rowOf } from "./fact";
import type { Choice } from "./tree";
import type { Subject } from "./walk";

/** Something that can be chosen: a device or a person. */
type Candidate = { key: string; name: string; kind: string; person: boolean };

/** What an unnamed device is called: never by an address that nobody knows by heart. */
function deviceName(row: DeviceRow, { words }: Pick<Known, "words">): string {
  return row.name || row.hostname || words.t("name.device", { mac: row.mac.slice(-5) });
}

const deviceOf = (row: DeviceRow, known: Known): Candidate => ({
  key: row.id ?? row.mac, name: deviceName(row, known), kind: row.kind || kindGuessed(row.hostname), person: false,
});

export function candidatesOf(choice: Choice, known: Known, subject: Subject): Candidate[] {
  const { state } = known;
  const named = state.devices.filter(({ id }) => id !== null);
  const rows = (list: DeviceRow[]) => list.map((row) => deviceOf(row, known));
  switch (choice) {
    case "tv": {
      const televisions = named.filter(({ kind }) => kind === "tv");
      return rows(televisions.length > 0 ? televisions : named);
    }
    case "device":
      return rows(state.devices);
    case "own":
      return rows(named.filter(({ person }) => person === subject.person));
    case "unnamed":
      return rows(unnamedOf(state));
    case "person":
      return (state.policy.people ?? []).map(({ id, name }) => ({ key: id, name, kind: "", person: true }));
  }
}

/** Whether the only one there is is meant without asking: a home has one television, or none; a device that fails may be any. */
export function meant(choice: Choice, candidates: readonly Candidate[]): Candidate | null {
  const [only, second] = candidates;
  if (!only || second) return null;
  if (choice === "tv") return only.kind === "tv" ? only : null;
  return choice === "person" || choice === "own" ? only : null;
}

/** The names of whom it is about, for sentences. */
export function subjectNames(known: Known, subject: Subject): Record<string, string> {
  const row = rowOf(known, subject.device);
  const person = known.state.policy.people?.find(({ id }) => id === subject.person);
  const gone = known.words.t("activity.someone");
  return { device: row ? deviceName(row, known) : gone, person: person?.name ?? gone };
}
