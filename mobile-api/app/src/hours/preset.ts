import type { Day } from "../time/words";
import type { Rule } from "./week";

type Preset = { word: "school" | "weekend" | "homework"; kind: "school-nights" | "weekend" | "homework"; days: Day[]; start: number; end: number };

export const presets: Preset[] = [
  { word: "school", kind: "school-nights", days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Sunday"], start: 21 * 60, end: 31 * 60 },
  { word: "weekend", kind: "weekend", days: ["Friday", "Saturday"], start: 23 * 60, end: 33 * 60 },
  {
    word: "homework", kind: "homework", days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"], start: 17 * 60, end: 18 * 60 + 30,
  },
];

export function ruleOf({ days, start, end }: Preset, id: string, name: string): Rule {
  return { id, name, days, start, end };
}
