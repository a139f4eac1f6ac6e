import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";
import { useAtVisit } from "./VisitContext";

/** A TV was ordered: a place is kept for the device that is one. The customer may change it later. */
export function WhichTv() {
  const { t } = useTranslation("field");
  const { visit, items, deed } = useAtVisit();
  const [chosen, setChosen] = useState("");
  const devices = visit.devices ?? [];
  if (devices.length === 0 || items.some(({ kind }) => kind === "tv")) return null;
  return (
    <div className={classes.card}>
      <fieldset className={classes.choices}>
        <legend>{t("tv.which")}</legend>
        {devices.map(({ mac, hostname }) => (
          <label key={mac} className={classes.choice}>
            <input type="radio" name="tv" checked={chosen === mac} onChange={() => setChosen(mac)} />
            {hostname || mac}
          </label>
        ))}
      </fieldset>
      <Button variant="default" disabled={!chosen} onClick={() => void deed("tv", { mac: chosen })}>
        {t("tv.keep")}
      </Button>
    </div>
  );
}
