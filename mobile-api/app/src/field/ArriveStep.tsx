import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";
import { StepFrame } from "./StepFrame";
import { useAtVisit } from "./VisitContext";

/** Who is there; the report names them. */
export function ArriveStep() {
  const { t } = useTranslation("field");
  const { visit, drafts, draft, deed, go } = useAtVisit();
  const [other, setOther] = useState(drafts.present !== undefined);
  const name = other ? (drafts.present ?? "") : visit.order.customer;
  const there = visit.present.length > 0;
  const arrive = async () => {
    await deed("arrive", { present: [name.trim()] });
    draft("present", "");
    go("scan");
  };
  const confirm = { words: t("arrive.confirm"), act: () => void arrive(), off: name.trim() ? undefined : t("lack.present") };
  return (
    <StepFrame {...(!there && { primary: confirm })}>
      {there ? (
        <p className={classes.card}>{t("arrive.present", { name: visit.present.join(", ") })}</p>
      ) : (
        <>
          <fieldset className={classes.choices}>
            <legend>{t("arrive.lead")}</legend>
            {[false, true].map((one) => (
              <label key={String(one)} className={classes.choice}>
                <input type="radio" name="present" checked={other === one} onChange={() => setOther(one)} />
                {one ? t("arrive.other") : t("arrive.customer", { name: visit.order.customer })}
              </label>
            ))}
          </fieldset>
          {other && (
            <TextInput
              size="lg"
              label={t("arrive.name")}
              value={drafts.present ?? ""}
              maxLength={80}
              autoComplete="off"
              onChange={(event) => draft("present", event.currentTarget.value)}
            />
          )}
        </>
      )}
      {visit.order.access && (
        <div className={classes.card}>
          <strong>{t("today.access")}</strong>
          <p style={{ whiteSpace: "pre-line" }}>{visit.order.access}</p>
        </div>
      )}
    </StepFrame>
  );
}
