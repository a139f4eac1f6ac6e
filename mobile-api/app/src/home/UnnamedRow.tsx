import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceRow } from "../api/client";
import { Face } from "../parts/Face";
import { kindGuessed, KindIcon } from "../parts/KindIcon";
import { useHome } from "../shell/HomeContext";
import classes from "./HomeScreen.module.css";
import { answered, isLeft, leaveAlone, sayNo } from "./left";
import type { Naming } from "./naming";
import { say } from "./sentence";
import { twinOf } from "./twin";
import { TwinAsk } from "./TwinAsk";

type Props = { row: DeviceRow; choose: (naming: Naming) => void };

/** One device that nobody has named: first whether it is a known one, then faces; what was left keeps one quiet button. */
export function UnnamedRow({ row, choose }: Props) {
  const { t } = useTranslation();
  const { state, words, locked } = useHome();
  const [, setAnswers] = useState(0);
  const again = () => setAnswers((count) => count + 1);
  const found = twinOf(row, state);
  const twin = found && !answered(row.mac, found.id) ? found : null;
  const name = row.hostname || t("name.device", { mac: row.mac.slice(-5) });
  const choice = { variant: "default", h: 48, px: "sm", disabled: locked !== null, title: locked ?? undefined } as const;
  return (
    <div className={classes.block} role="group" aria-label={name}>
      <div className={classes.row}>
        <span className={classes.glyph}>
          <KindIcon kind={kindGuessed(row.hostname)} />
        </span>
        <div className={classes.grow}>
          <div className={classes.strong}>{name}</div>
          <div className={classes.small}>{say(row.inForce?.verdict ?? row.asked, words).text}</div>
        </div>
      </div>
      {twin ? (
        <TwinAsk
          mac={row.mac}
          twin={twin}
          no={() => {
            sayNo(row.mac, twin.id);
            again();
          }}
          leave={() => {
            leaveAlone(row.mac);
            again();
          }}
        />
      ) : (
        <div className={classes.faces}>
          {!isLeft(row.mac) &&
            (state.policy.people ?? []).map((person) => (
              <Button key={person.id} {...choice} onClick={() => choose({ row, owner: person.id })}>
                <Face id={person.id} name={person.name} size={28} />
                &nbsp;{person.name}
              </Button>
            ))}
          <Button {...choice} onClick={() => choose({ row, owner: "" })}>
            {isLeft(row.mac) ? t("twin.name") : t("home.nobodys")}
          </Button>
          {!isLeft(row.mac) && (
            <Button {...choice} variant="subtle" onClick={() => choose({ row, owner: null })}>
              {t("name.newPerson")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
