import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Target } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { putOf } from "../change/wish";
import { scheduleLine, scheduleName } from "../home/sentence";
import { presets, ruleOf } from "../hours/preset";
import { devicesOf, kindOfTarget, ownSchedules, wideSchedules } from "../hours/target";
import { WeekPicture } from "../hours/WeekPicture";
import { freshId, rulesOf, scheduleOf } from "../hours/week";
import { useHome } from "../shell/HomeContext";
import { Section } from "./Section";
import classes from "./Section.module.css";

/** The weekly hours: the picture, the same as a list, and the way to change them. */
export function HoursSection({ target, name }: { target: Target; name: string }) {
  const { t } = useTranslation();
  const { state, words, decides } = useHome();
  const { policy } = state;
  const own = ownSchedules(policy, target);
  const wide = wideSchedules(policy, target);
  const params = { kind: kindOfTarget(target), id: target.person ?? target.device ?? "" };
  const edit = (
    <Button
      renderRoot={(props) => <Link to="/hours/$kind/$id" params={params} {...props} />}
      h={44}
      px="sm"
      leftSection={<IconPencil size={18} aria-hidden />}
    >
      {t("person.editHours")}
    </Button>
  );
  if (own.length === 0 && wide.length === 0) return decides ? <Presets target={target} name={name} /> : null;
  return (
    <Section title={t("person.hours")} action={decides && edit}>
      {devicesOf(policy, target).length === 0 && <p className={classes.hint}>{t("person.noDevice", { name })}</p>}
      <div style={{ marginTop: 8 }}>
        <WeekPicture name={name} rules={rulesOf(own)} behind={rulesOf(wide)} />
      </div>
      <ul className={classes.lines}>
        {[...own, ...wide].map((rule) => (
          <li key={rule.id}>
            <div>
              <strong>{scheduleName(rule, words)}</strong>
              <small>{scheduleLine(rule, words)}</small>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Nothing yet: three usual weeks, one tap each, or a blank one. */
function Presets({ target, name }: { target: Target; name: string }) {
  const { t } = useTranslation();
  const { id, state, locked } = useHome();
  const { ask } = useChanges();
  const params = { kind: kindOfTarget(target), id: target.person ?? target.device ?? "" };
  return (
    <Section title={t("person.noHours")} hint={t("person.noHoursText")}>
      <div className={classes.presets}>
        {presets.map((preset) => (
          <button
            key={preset.word}
            type="button"
            className={classes.preset}
            disabled={locked !== null}
            onClick={() => {
              const rule = ruleOf(preset, freshId(state.policy.schedules ?? []), t(`rule.${preset.kind}`));
              void ask(putOf(id, "schedules", scheduleOf(rule, target), t("hours.saved", { name })));
            }}
          >
            <strong>{t(`rule.${preset.kind}`)}</strong>
            <small>{t(`preset.${preset.word}`)}</small>
          </button>
        ))}
        <Link to="/hours/$kind/$id" params={params} className={classes.preset}>
          <strong>{t("person.ownWeek")}</strong>
          <small>{t("hours.grid")}</small>
        </Link>
      </div>
    </Section>
  );
}
