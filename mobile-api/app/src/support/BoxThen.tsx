import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { StaffCase } from "../api/client";
import { exactClock, moment } from "../time/words";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";
import { stockBoxQuery } from "./query";

const mega = (rate: number) => Math.round(rate / 1e6);

/** The box at the moment of the tap: facts, each in a line. */
export function BoxThen({ picture }: { picture: StaffCase["picture"] }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  const { reader, now } = words;
  if (!picture) {
    return (
      <section className={classes.card}>
        <h3>{t("picture")}</h3>
        <p className={classes.quiet}>{t("noBox")}</p>
      </section>
    );
  }
  const { reachable, lastSeen, asked, inForce, refused, line } = picture;
  const since = lastSeen ? moment(new Date(lastSeen), now, reader) : t("never");
  const facts: [string, string][] = [
    [picture.box, reachable ? t("reachable") : t("unreachable", { time: since })],
    [t("revision"), refused ? t("refused", { code: refused }) : asked === inForce ? t("revisionYes", { n: inForce }) : t("revisionNo", { asked, n: inForce })],
    [t("devices"), t("devicesText", { n: picture.devices, known: picture.known }) + (picture.unproved ? ` · ${t("unproved", { n: picture.unproved })}` : "")],
    [t("clock"), t(picture.clock ? "clockYes" : "clockNo")],
  ];
  if (line) facts.push([t("line"), t("lineText", { down: mega(line.down), up: mega(line.up) })]);
  for (const { band, channel } of picture.radios ?? []) facts.push([t("radios"), t("radioText", { band, channel: String(channel) })]);
  if (picture.limitations?.length) facts.push([t("limits"), picture.limitations.join(", ")]);
  return (
    <section className={classes.card}>
      <h3>
        {t("picture")} <small>{exactClock(new Date(picture.at), reader)}</small>
      </h3>
      <Copied box={picture.box} />
      <dl className={classes.facts}>
        {facts.map(([what, text], i) => (
          <div key={`${what}${i}`}>
            <dt>{what}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** That somebody has copied the box's identity: why it comes and goes. */
function Copied({ box }: { box: string }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  const cloned = useQuery(stockBoxQuery(box)).data?.cloned;
  if (!cloned) return null;
  const time = moment(new Date(cloned.since), words.now, words.reader);
  return <p className={classes.wrong}>{t("cloned", { n: cloned.places.length, time })}</p>;
}
