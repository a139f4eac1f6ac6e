import { Checkbox } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import classes from "../settings/Settings.module.css";
import { useHome } from "../shell/HomeContext";
import { type Kind, known, muting } from "./kind";

type Props = {
  kinds: string[];
  muted: string[];
  locked: string | null;
  busy: boolean;
  act: (change: () => Promise<string>) => Promise<void>;
};

/** What to hear of, on all phones of the member; only what can come to them is shown. */
export function Kinds({ kinds, muted, locked, busy, act }: Props) {
  const { t } = useTranslation();
  const { decides } = useHome();
  const label = useId();
  const set = async (kind: Kind, hear: boolean) => {
    await answer(api.PUT("/me/push", { body: { muted: muting(muted, kind, !hear) } }));
    return t("push.saved");
  };
  return (
    <div role="group" aria-labelledby={label}>
      <div id={label} className={classes.label}>
        {t("push.kinds")}
      </div>
      {known(kinds, decides).map((kind) => (
        <Checkbox
          key={kind}
          size="md"
          py={10}
          checked={!muted.includes(kind)}
          disabled={locked !== null || busy}
          title={locked ?? undefined}
          label={t(`push.kind_${kind}`)}
          onChange={({ currentTarget: { checked } }) => void act(() => set(kind, checked))}
        />
      ))}
    </div>
  );
}
