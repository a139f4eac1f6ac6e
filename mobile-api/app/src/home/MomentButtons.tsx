import { Button } from "@mantine/core";
import { IconLockOpen, IconPlayerPause, IconPlayerPlay, IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceRow, Target } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { bonusOf, liftOf, pauseOf, putOf, resumeOf } from "../change/wish";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { momentOf } from "./moment";
import classes from "./MomentButtons.module.css";
import { PauseLength } from "./PauseLength";

type Props = { target: Target; name: string; rows: DeviceRow[] };

/** Pause for an hour, resume, half an hour more: each one tap, each lifting exactly the reason that holds. */
export function MomentButtons({ target, name, rows }: Props) {
  const { t } = useTranslation();
  const { id, state, words, decides, locked } = useHome();
  const { ask, busy } = useChanges();
  const can = momentOf(target, rows, state.policy.overrides ?? [], words.now);
  const off = { disabled: locked !== null || busy, title: locked ?? undefined };
  const time = can.more ? moment(can.more, words.now, words.reader) : "";

  if (!decides) return null;
  if (can.blocked && target.device) return <Unblock device={target.device} name={name} off={off} />;
  const { above, bonus, pause } = can;
  return (
    <>
      <div className={classes.buttons} data-anchor="pause">
        {pause ? (
          <Button
            {...off}
            variant="filled"
            leftSection={<IconPlayerPlay size={20} aria-hidden />}
            onClick={() => void ask(resumeOf(id, target, t("change.what_resume", { name })))}
          >
            {t("act.resume")}
            <span className="unseen">, {t("act.resumeName", { name })}</span>
          </Button>
        ) : above ? (
          <Button
            {...off}
            variant="filled"
            leftSection={<IconPlayerPlay size={20} aria-hidden />}
            onClick={() => void ask(liftOf(id, above.id, t("change.what_resume", { name: t("app.everyone") })))}
          >
            {above.for.home ? t("act.resumeAll") : t("act.resume")}
          </Button>
        ) : (
          <Button
            {...off}
            variant="default"
            leftSection={<IconPlayerPause size={20} aria-hidden />}
            onClick={() => void ask(pauseOf(id, target, { minutes: 60 }, t("change.what_pause", { name })))}
          >
            {t("act.pause")}
            <span className="unseen">, {t("act.pauseName", { name })}</span>
          </Button>
        )}
        {can.more && (
          <Button
            {...off}
            variant="default"
            leftSection={<IconPlus size={20} aria-hidden />}
            onClick={() => void ask(bonusOf(id, target, 30, t("change.what_bonus", { name })))}
          >
            <span className={classes.two}>
              <span>30 min</span>
              <small>{t("act.moreTo", { time })}</small>
              <span className="unseen">, {t("act.moreName", { name })}</span>
            </span>
          </Button>
        )}
        {bonus && (
          <Button
            {...off}
            variant="subtle"
            color="gray"
            leftSection={<IconX size={18} aria-hidden />}
            onClick={() => void ask(liftOf(id, bonus.id, t("change.what_lift", { name })))}
          >
            {t("act.removeBonus")}
          </Button>
        )}
      </div>
      {state.box && !state.box.reachable && <small className={classes.later}>{t("state.willApply")}</small>}
      {pause && <PauseLength pause={pause} target={target} name={name} device={rows[0]?.id ?? null} />}
    </>
  );
}

type UnblockProps = { device: string; name: string; off: { disabled: boolean; title: string | undefined } };

function Unblock({ device, name, off }: UnblockProps) {
  const { t } = useTranslation();
  const { id, state } = useHome();
  const { ask } = useChanges();
  const known = state.policy.devices?.find((d) => d.id === device);
  if (!known) return null;
  return (
    <div className={classes.buttons}>
      <Button
        {...off}
        variant="default"
        leftSection={<IconLockOpen size={20} aria-hidden />}
        onClick={() => void ask(putOf(id, "devices", { ...known, refused: false }, t("change.what_unblock", { name })))}
      >
        {t("act.unblock")}
      </Button>
    </div>
  );
}
