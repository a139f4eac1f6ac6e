import type { Target } from "../api/client";

/** The target that a history's subject names: "home", "person:leo", "device:leo-phone". */
export function targetOf(subject: string): Target | null {
  if (subject === "home") return { home: true };
  const colon = subject.indexOf(":");
  const [kind, id] = [subject.slice(0, colon), subject.slice(colon + 1)];
  if (kind === "person") return { person: id };
  return kind === "device" ? { device: id } : null;
}
