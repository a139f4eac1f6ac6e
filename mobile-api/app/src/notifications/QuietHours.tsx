import { Switch } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";
import classes from "./QuietHours.module.css";

type Quiet = components["schemas"]["Quiet"];
type Props = {
  quiet: Quiet;
  locked: string | null;
  act: (change: () => Promise<string>, hold: boolean) => Promise<void>;
};

/** When the member is not to be disturbed. Each choice is saved at once; a time when its field is left. */
export function QuietHours({ quiet, locked, act }: Props) {
  const { t } = useTranslation();
  const hint = useId();
  const off = locked !== null;
  const save = (next: Quiet) =>
    act(async () => {
      await answer(api.PUT("/me/push", { body: { quiet: next } }));
      return t("push.saved");
    }, false);
  return (
    <div>
      <Switch
        size="lg"
        label={t("push.quiet")}
        aria-describedby={hint}
        checked={quiet.on}
        disabled={off}
        title={locked ?? undefined}
        onChange={(event) => void save({ ...quiet, on: event.currentTarget.checked })}
      />
      <p id={hint} className={classes.hint}>
        {t("push.quietLead")}
      </p>
      {quiet.on && <Times quiet={quiet} off={off} save={save} />}
    </div>
  );
}

function Times({ quiet, off, save }: { quiet: Quiet; off: boolean; save: (next: Quiet) => Promise<void> }) {
  const { t } = useTranslation();
  const [times, setTimes] = useState({ from: quiet.from, to: quiet.to });
  const same = times.from === times.to;
  const leave = () => {
    const changed = times.from !== quiet.from || times.to !== quiet.to;
    if (changed && !same && times.from && times.to) void save({ ...quiet, ...times });
  };
  return (
    <>
      <div className={classes.times}>
        {(["from", "to"] as const).map((end) => (
          <label key={end}>
            {t(end === "from" ? "push.quietFrom" : "push.quietTo")}
            <input
              type="time"
              value={times[end]}
              disabled={off}
              onChange={(event) => setTimes({ ...times, [end]: event.currentTarget.value })}
              onBlur={leave}
            />
          </label>
        ))}
      </div>
      <div role="alert">{same && t("push.quietSame")}</div>
    </>
  );
}
