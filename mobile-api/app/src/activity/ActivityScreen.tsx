import { Button, Chip, Group, Skeleton, Stack } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type HistoryEntry } from "../api/client";
import { whyNot } from "../change/failure";
import { useHome } from "../shell/HomeContext";
import { dateOf, dateWords } from "../time/words";
import classes from "./Activity.module.css";
import { Entry } from "./Entry";

const page = 30;

/** Who decided what, newest first, with the way back at each. */
export function ActivityScreen() {
  const { t } = useTranslation();
  const { id, me, state, words } = useHome();
  const [who, setWho] = useState<string | null>(null);
  const history = useInfiniteQuery({
    queryKey: ["activity", id, state.asked.revision, state.inForce?.revision],
    placeholderData: (before) => before, // a decision that comes in force must not blank the list
    initialPageParam: 0,
    queryFn: ({ pageParam: before }) =>
      answer(
        api.GET("/homes/{home}/history", { params: { path: { home: id }, query: { limit: page, ...(before > 0 ? { before } : {}) } } }),
      ),
    getNextPageParam: (last: HistoryEntry[]) => (last.length < page ? undefined : last.at(-1)?.revision),
  });
  const entries = history.data?.pages.flat() ?? [];
  const actors = new Map(entries.filter(({ actor }) => actor.member).map(({ actor }) => [actor.member, actor.name]));
  const shown = entries.filter(({ actor }) => who === null || actor.member === who);
  return (
    <div data-anchor="activity">
      <h1 className={classes.title}>{t("activity.title")}</h1>
      {actors.size > 1 && (
        <Group gap={8} mb="md" role="group" aria-label={t("activity.filter")}>
          <Chip size="md" checked={who === null} onChange={() => setWho(null)}>
            {t("activity.all")}
          </Chip>
          {[...actors].map(([member, name]) => (
            <Chip key={member} size="md" checked={who === member} onChange={() => setWho(member)}>
              {member === me.member.id ? t("activity.me") : name}
            </Chip>
          ))}
        </Group>
      )}
      {history.isError && (
        <p className={classes.quiet} role="alert">
          {whyNot(history.error, t)}
        </p>
      )}
      {history.isPending && <Skeleton h={240} />}
      <Stack gap="lg">
        {byDay(shown, words.reader.zone).map(([date, list]) => (
          <section key={date} aria-label={date}>
            <h2 className={classes.day}>{dayTitle(date)}</h2>
            <ul className={classes.list}>
              {list.map((entry) => (
                <Entry key={entry.revision} entry={entry} />
              ))}
            </ul>
          </section>
        ))}
      </Stack>
      {history.isSuccess && entries.length <= 1 && <p className={classes.quiet}>{t("activity.empty")}</p>}
      {history.hasNextPage && (
        <Button
          fullWidth
          variant="default"
          h={48}
          mt="md"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          {t("activity.more")}
        </Button>
      )}
    </div>
  );

  function dayTitle(date: string): string {
    const { reader, now } = words;
    if (date === dateOf(now, reader.zone)) return t("activity.today");
    if (date === dateOf(new Date(now.getTime() - 86_400_000), reader.zone)) return t("activity.yesterday");
    return dateWords(date, reader);
  }
}

function byDay(entries: HistoryEntry[], zone: string): [string, HistoryEntry[]][] {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const date = dateOf(new Date(entry.at), zone);
    days.set(date, [...(days.get(date) ?? []), entry]);
  }
  return [...days];
}
