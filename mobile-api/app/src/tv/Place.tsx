import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconClock, IconMoon, IconPencil, IconRadar2, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Reservation, ReservationRow } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { deleteOf, putOf } from "../change/wish";
import section from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { FiguresTable } from "./FiguresTable";
import { leftFor, megabits } from "./rate";
import { spansOf } from "./span";
import { Steps } from "./Steps";
import { nameOf, truthOf } from "./truth";
import classes from "./Tv.module.css";
import { askedWords } from "./words";

const icons = { online: IconCheck, applying: IconClock, paused: IconRadar2, problem: IconAlertTriangle, quiet: IconMoon };

type Props = { row: ReservationRow; reservation: Reservation | undefined; edit: (reservation: Reservation) => void };

/** One place that is kept: what is true of it, what was asked for, how the TV is received, and what can be done. */
export function Place({ row, reservation, edit }: Props) {
  const { t } = useTranslation();
  const { state, words } = useHome();
  const truth = truthOf(row, reservation, { ...words, state });
  const Icon = icons[truth.tone];
  const seen = state.box?.lastSeen;
  const name = reservation ? nameOf(reservation, words) : row.id;
  return (
    <article className={section.section} aria-label={name}>
      <div className={classes.truth} data-tone={truth.tone}>
        <Icon size={24} aria-hidden />
        <p>{truth.text}</p>
      </div>
      {row.inForce && state.box && !state.box.reachable && seen && (
        <p className={classes.quiet}>{t("tv.stale", { time: moment(new Date(seen), words.now, words.reader) })}</p>
      )}
      {reservation && <Steps row={row} reservation={reservation} />}
      {reservation && (
        <>
          <h2 className={classes.name}>{name}</h2>
          <ul className={classes.asked}>
            {askedWords(reservation, words).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {row.inForce && <FiguresTable hold={row.inForce} name={name} />}
          <Acts row={row} reservation={reservation} edit={edit} />
        </>
      )}
    </article>
  );
}

function Acts({ row, reservation, edit }: Props & { reservation: Reservation }) {
  const { t } = useTranslation();
  const { id, state, words, locked } = useHome();
  const { ask } = useChanges();
  const off = { disabled: locked !== null, title: locked ?? undefined };
  const name = nameOf(reservation, words);
  const left = leftFor(state, { id: reservation.id, spans: spansOf(reservation.windows) }).down;
  const tooHigh = row.inForce?.state === "refused" && row.inForce.why === "floors-too-high" && left > 0;
  const put = (changed: Reservation, label: string) => void ask(putOf(id, "reservations", changed, label));
  return (
    <div className={classes.acts}>
      {row.inForce?.state === "delayed" && (
        <Button {...off} leftSection={<IconRadar2 size={18} aria-hidden />} onClick={() => put({ ...reservation, now: true }, t("tv.nowLabel"))}>
          {t("tv.nowButton")}
        </Button>
      )}
      {tooHigh && (
        <Button {...off} onClick={() => put({ ...reservation, floorDown: left }, t("tv.saved", { name }))}>
          {t("tv.take", { n: megabits(left, words.reader) })}
        </Button>
      )}
      <Button {...off} variant="default" leftSection={<IconPencil size={18} aria-hidden />} onClick={() => edit(reservation)}>
        {t("tv.change")}
      </Button>
      <Button
        {...off}
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={18} aria-hidden />}
        onClick={() => void ask(deleteOf(id, "reservations", reservation.id, t("tv.deleted", { name })))}
      >
        {t("tv.deleteButton")}
      </Button>
    </div>
  );
}
