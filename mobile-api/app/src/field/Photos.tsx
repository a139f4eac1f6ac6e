import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { moment } from "../time/words";
import classes from "./Field.module.css";
import { shrink } from "./shrink";
import { useReader } from "./useReader";
import { type PhotoKind, photoKinds } from "./visit";
import { useAtVisit } from "./VisitContext";

/** Photos, made small on the phone and kept there until the server has them. */
export function Photos({ kinds = photoKinds }: { kinds?: readonly PhotoKind[] }) {
  const { t } = useTranslation("field");
  const { visit, items, deed } = useAtVisit();
  const reader = useReader(visit.order.zone);
  const [kind, setKind] = useState<PhotoKind>(kinds[0] ?? "other");
  const [said, setSaid] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const add = async (file: File | undefined) => {
    if (!file) return;
    setSaid(t("report.shrinking"));
    try {
      if (!visit.arrived) await deed("arrive", { present: [] }); // who photographs the door is there
      await deed("photo", { kind, jpeg: await shrink(file) });
      setSaid("");
    } catch {
      setSaid(t("report.badPhoto"));
    }
    if (input.current) input.current.value = "";
  };
  return (
    <section className={classes.card} aria-label={t("report.photos")}>
      <h2>{t("report.photos")}</h2>
      {visit.photos.length === 0 && <p className={classes.quiet}>{t("report.noPhotos")}</p>}
      <ul className={classes.list}>
        {visit.photos.map((photo) => {
          const waiting = items.find((item) => item.kind === "photo" && item.id === photo.id);
          const source = waiting?.kind === "photo" ? `data:image/jpeg;base64,${waiting.told.jpeg}` : `/api/staff/visits/${visit.id}/photos/${photo.id}`;
          const name = t(`photo.${photo.kind as PhotoKind}`);
          return (
            <li key={photo.id} className={classes.row}>
              <img src={source} alt={name} width={96} height={72} className={classes.thumb} />
              <div className={classes.grow}>
                {name}
                <div className={classes.quiet}>{moment(new Date(photo.at), new Date(), reader)}</div>
              </div>
            </li>
          );
        })}
      </ul>
      {!visit.signed && (
        <>
          {kinds.length > 1 && (
            <fieldset className={classes.choices}>
              <legend>{t("report.photoKind")}</legend>
              {kinds.map((one) => (
                <label key={one} className={classes.choice}>
                  <input type="radio" name="photo-kind" checked={kind === one} onChange={() => setKind(one)} />
                  {t(`photo.${one}`)}
                </label>
              ))}
            </fieldset>
          )}
          <input ref={input} type="file" accept="image/*" capture="environment" hidden onChange={(event) => void add(event.currentTarget.files?.[0])} />
          <Button variant="default" onClick={() => input.current?.click()}>
            {t("report.addPhoto")}
          </Button>
          {said && <p role="status">{said}</p>}
        </>
      )}
    </section>
  );
}
