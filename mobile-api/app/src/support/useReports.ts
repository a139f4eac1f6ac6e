import { useCallback, useState } from "react";
import type { HomeState } from "../api/client";
import { type Reports, sightsOf, withReport } from "./live";
import { useConsole } from "./ConsoleContext";

/** Reports are not kept anywhere: those of a session stay in the console, so that going to another case loses none. */
export function useReports(session: string): [Reports, (state: HomeState) => void] {
  const { reports } = useConsole();
  const [all, setAll] = useState<Reports>(() => reports.get(session) ?? { sights: [], bands: {} });
  const keep = useCallback(
    (state: HomeState) => {
      const before = reports.get(session)?.sights ?? [];
      const at = Date.parse(state.box?.reportedAt ?? "");
      const sights = Number.isNaN(at) ? before : withReport(before, sightsOf(at, state.radios));
      const next = { sights, bands: Object.fromEntries(state.radios.map(({ name, band }) => [name, band])), policy: state.policy };
      reports.set(session, next);
      setAll(next);
    },
    [reports, session],
  );
  return [all, keep];
}
