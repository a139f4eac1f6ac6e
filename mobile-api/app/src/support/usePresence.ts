import { useEffect } from "react";
import { api } from "../api/client";
import type { Taking } from "./queue";

const beat = 20_000;

/** Says that somebody sits here, which case they read and whether they write: others see it, and their cases stay theirs. */
export function usePresence(open: string, typing: boolean, { languages, skills }: Taking): void {
  const [spoken, taken] = [languages.join(" "), skills.join(" ")];
  useEffect(() => {
    const words = (list: string) => list.split(" ").filter(Boolean);
    const say = () => {
      const body = { ...(open ? { case: open } : {}), typing, languages: words(spoken) as ("fr" | "en")[], skills: words(taken) };
      void api.PUT("/staff/desk", { body }).catch(() => {}); // said again soon
    };
    say();
    const timer = setInterval(say, beat);
    return () => clearInterval(timer);
  }, [open, typing, spoken, taken]);
}
