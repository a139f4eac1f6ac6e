import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import SignaturePad, { type PointGroup } from "signature_pad";
import { clock } from "../time/words";
import classes from "./Field.module.css";
import { useReader } from "./useReader";
import { useAtVisit } from "./VisitContext";

/** The customer's signature: drawn, or only the name where somebody cannot draw. Strokes outlive the app. */
export function Signature() {
  const { t } = useTranslation("field");
  const { visit, drafts, draft, deed } = useAtVisit();
  const reader = useReader(visit.order.zone);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const keep = useRef({ draft, strokes: drafts.strokes });
  const [empty, setEmpty] = useState(!drafts.strokes);
  const name = drafts.signer ?? visit.present[0] ?? "";
  useEffect(() => {
    keep.current = { draft, strokes: drafts.strokes };
  });
  useEffect(() => {
    const sheet = canvas.current;
    if (!sheet) return;
    const made = new SignaturePad(sheet, { penColor: "#101418", minWidth: 1.2, maxWidth: 3.2 });
    pad.current = made;
    sheet.width = Math.min(900, Math.round(sheet.offsetWidth * 2));
    sheet.height = Math.round((sheet.width * sheet.offsetHeight) / Math.max(1, sheet.offsetWidth));
    sheet.getContext("2d")?.scale(sheet.width / sheet.offsetWidth, sheet.width / sheet.offsetWidth);
    made.clear();
    if (keep.current.strokes) made.fromData(strokesOf(keep.current.strokes));
    made.addEventListener("endStroke", () => {
      setEmpty(false);
      keep.current.draft("strokes", JSON.stringify(made.toData()));
    });
    return () => made.off();
  }, [visit.signed]);
  if (visit.signed) {
    return (
      <section className={classes.card} aria-label={t("report.signature")}>
        <h2>{t("report.signature")}</h2>
        <p>{t("report.signed", { name: visit.signed.name, time: clock(new Date(visit.signed.at), reader) })}</p>
      </section>
    );
  }
  const clear = () => {
    pad.current?.clear();
    draft("strokes", "");
    setEmpty(true);
  };
  const sign = async () => {
    const sheet = canvas.current;
    if (!sheet) return;
    const drawing = drawingOf(sheet, empty ? name.trim() : "");
    await deed("sign", { name: name.trim(), drawing });
    draft("strokes", "");
    draft("signer", "");
  };
  return (
    <section className={classes.card} aria-label={t("report.signature")}>
      <h2>{t("report.signature")}</h2>
      <p>{t("report.draw")}</p>
      <canvas ref={canvas} className={classes.pad} data-signed={empty ? undefined : ""} role="img" aria-label={t("report.draw")} />
      {!empty && (
        <Button variant="default" onClick={clear}>
          {t("report.clear")}
        </Button>
      )}
      <TextInput
        size="lg"
        label={t("report.name")}
        description={t("report.nameHint")}
        value={name}
        maxLength={80}
        autoComplete="off"
        onChange={(event) => draft("signer", event.currentTarget.value)}
      />
      <Button variant="default" disabled={!name.trim()} onClick={() => void sign()}>
        {t("report.sign")}
      </Button>
    </section>
  );
}

function strokesOf(kept: string): PointGroup[] {
  try {
    return JSON.parse(kept) as PointGroup[];
  } catch {
    return []; // of another version
  }
}

/** The drawing as PNG on white, in base64; a name is written for who has drawn nothing. */
function drawingOf(sheet: HTMLCanvasElement, written: string): string {
  const copy = document.createElement("canvas");
  copy.width = Math.min(600, sheet.width);
  copy.height = Math.max(1, Math.round((copy.width * sheet.height) / sheet.width));
  const to = copy.getContext("2d");
  if (to) {
    to.fillStyle = "#fff";
    to.fillRect(0, 0, copy.width, copy.height);
    to.drawImage(sheet, 0, 0, copy.width, copy.height);
    to.fillStyle = "#101418";
    to.font = `italic ${Math.round(copy.height / 4)}px serif`;
    if (written) to.fillText(written, copy.width / 20, copy.height * 0.6, copy.width * 0.9);
  }
  return copy.toDataURL("image/png").split(",")[1] ?? "";
}
