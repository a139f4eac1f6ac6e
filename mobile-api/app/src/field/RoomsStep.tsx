import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";
import { missingRooms } from "./step";
import { StepFrame } from "./StepFrame";
import { type Verdict, verdicts } from "./visit";
import { useAtVisit } from "./VisitContext";

/** Spots of the home are walked to, and the Wi-Fi judged there. */
export function RoomsStep() {
  const { t } = useTranslation("field");
  const { visit, drafts, draft, spend, deed } = useAtVisit();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [open] = missingRooms(visit);
  const name = drafts.room ?? open ?? "";
  const add = async () => {
    if (!verdict) return;
    await deed("room", { room: { name: name.trim(), verdict } });
    spend("room", name);
    setVerdict(null);
  };
  return (
    <StepFrame>
      <p className={classes.lead}>{t("rooms.lead")}</p>
      {visit.order.tv && <p className={classes.note}>{t("rooms.tv")}</p>}
      {visit.rooms.length > 0 && (
        <ul className={classes.list}>
          {visit.rooms.map((room) => (
            <li key={room.name} className={classes.card}>
              <div className={classes.line}>
                <strong>{room.name}</strong>
                <span>{t(`rooms.${room.verdict}`)}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
      {!visit.signed && (
        <div className={classes.card}>
          <TextInput
            size="lg"
            label={t("rooms.room")}
            value={name}
            maxLength={80}
            autoComplete="off"
            list="rooms"
            onChange={(event) => draft("room", event.currentTarget.value)}
          />
          <datalist id="rooms">
            {[...visit.order.rooms, ...t("rooms.names").split("|")].map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <fieldset className={classes.choices}>
            <legend>{t("rooms.verdict")}</legend>
            {verdicts.map((one) => (
              <label key={one} className={classes.choice}>
                <input type="radio" name="verdict" checked={verdict === one} onChange={() => setVerdict(one)} />
                {t(`rooms.${one}`)}
              </label>
            ))}
          </fieldset>
          <Button variant="default" disabled={!name.trim() || !verdict} onClick={() => void add()}>
            {t("rooms.add")}
          </Button>
        </div>
      )}
    </StepFrame>
  );
}
