import { Button, Stack } from "@mantine/core";
import { IconBell, IconBellOff } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { Refusal, Unreachable } from "../api/refusal";
import { whyNot } from "../change/failure";
import { Section } from "../person/Section";
import section from "../person/Section.module.css";
import { announce } from "../shell/announcement";
import { useHome } from "../shell/HomeContext";
import { able, forget, wakeAt } from "./browser";
import { Kinds } from "./Kinds";
import { pushQuery } from "./query";
import { QuietHours } from "./QuietHours";

/** Whether this browser is woken, and for what. It is asked for by a tap alone. */
export function NotificationsSection() {
  const { t } = useTranslation();
  const { line } = useHome();
  const client = useQueryClient();
  const { data, isError } = useQuery(pushQuery);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const can = able();
  const locked = line === "offline" || line === "away" ? t("act.offlineWhy") : null;

  // What does not hold leaves all else usable: a tap that also leaves a field would be lost otherwise.
  const act = async (change: () => Promise<string>, hold = true) => {
    if (hold) setBusy(true);
    setSaid("");
    try {
      announce(await change());
    } catch (caught) {
      const told = caught instanceof Refusal || caught instanceof Unreachable;
      setSaid(told ? whyNot(caught, t) : t("push.failed"));
    }
    await client.invalidateQueries({ queryKey: pushQuery.queryKey });
    if (hold) setBusy(false);
  };
  const start = async (key: string) => {
    const address = await wakeAt(key);
    if (!address) return t("push.off");
    await answer(api.POST("/me/push/subscriptions", { body: address }));
    return t("push.on");
  };
  const stop = async (subscription: string) => {
    await forget();
    await answer(api.DELETE("/me/push/subscriptions/{subscription}", { params: { path: { subscription } } }));
    return t("push.off");
  };

  const current = data?.on ? data.current : null;
  return (
    <Section title={t("push.title")} hint={t("push.lead")}>
      <Stack gap="md">
        {can !== "yes" ? (
          <p className={section.hint}>{t(`push.${can}`)}</p>
        ) : (
          data && (
            <div>
              <p className={section.hint}>{t(current ? "push.on" : "push.off")}</p>
              <Button
                variant="default"
                h={48}
                leftSection={current ? <IconBellOff size={20} aria-hidden /> : <IconBell size={20} aria-hidden />}
                disabled={locked !== null || busy}
                title={locked ?? undefined}
                onClick={() => void act(() => (current ? stop(current.id) : start(data.key)))}
              >
                {t(current ? "push.stop" : "push.start")}
              </Button>
            </div>
          )
        )}
        {isError && !data && <p className={section.hint}>{t("lastWeek.unknown")}</p>}
        {said && <p role="alert">{said}</p>}
        {data && <Kinds kinds={data.kinds} muted={data.muted} locked={locked} busy={busy} act={act} />}
        {data && <QuietHours quiet={data.quiet} locked={locked} act={act} />}
      </Stack>
    </Section>
  );
}
