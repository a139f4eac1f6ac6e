import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Target } from "../api/client";
import { whatIf } from "../api/query";
import { nightOf } from "../home/night";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import { withHours } from "./save";
import { devicesOf } from "./target";
import type { Rule } from "./week";

/** Tonight by the real engine, before anything is saved. */
export function Preview({ target, name, rules }: { target: Target; name: string; rules: Rule[] }) {
  const { t } = useTranslation();
  const { id, state, words } = useHome();
  const [settled] = useDebouncedValue(rules, 400);
  const [device] = devicesOf(state.policy, target);
  const { data } = useQuery({
    queryKey: ["preview", id, state.asked.revision, target, settled],
    enabled: device !== undefined,
    retry: false,
    placeholderData: (before) => before,
    queryFn: async () => {
      const now = new Date();
      const policy = { ...withHours(state.policy, target, settled), overrides: [] };
      const to = new Date(now.getTime() + 36 * 3_600_000); // to the end of a night that begins late
      const rows = await whatIf(id, policy, { from: now.toISOString(), to: to.toISOString() });
      const { cut } = nightOf(rows.filter((row) => row.device === device), now, words.reader.zone);
      return cut && { running: cut.from <= now, start: clock(cut.from, words.reader), end: clock(cut.to, words.reader) };
    },
  });
  if (!device) return <p>{t("person.noDevice", { name })}</p>;
  if (data === undefined) return <p>&nbsp;</p>;
  if (!data) return <p>{t("hours.previewNone", { name })}</p>;
  return <p>{t(data.running ? "hours.previewNow" : "hours.preview", { name, start: data.start, end: data.end })}</p>;
}
