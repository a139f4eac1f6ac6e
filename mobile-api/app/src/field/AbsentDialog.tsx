import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { addDays } from "../time/words";
import classes from "./Field.module.css";
import { Photos } from "./Photos";
import { useAtVisit } from "./VisitContext";
import { Sheet } from "./Sheet";

/** Ends a visit where nobody was: with proof, a reason, and the next time. */
export function AbsentDialog({ close }: { close: () => void }) {
  const { t } = useTranslation("field");
  const { visit, drafts, draft, deed } = useAtVisit();
  const [slot, setSlot] = useState({ day: addDays(visit.slot.day, 1), from: visit.slot.from, to: visit.slot.to });
  const reason = drafts.absent ?? "";
  const proved = visit.photos.length > 0;
  const timely = slot.day !== "" && slot.from !== "" && slot.from < slot.to;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await deed("absent", { reason: reason.trim(), slot });
    draft("absent", "");
    close();
  };
  const off = !proved ? t("absent.needPhoto") : !reason.trim() ? t("absent.needReason") : timely ? "" : t("absent.needSlot");
  return (
    <Sheet title={t("absent.title")} close={close}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text>{t("absent.text")}</Text>
          <Photos kinds={["proof"]} />
          <TextInput size="lg" label={t("absent.reason")} value={reason} maxLength={200} autoComplete="off" onChange={(event) => draft("absent", event.currentTarget.value)} />
          <TextInput size="lg" type="date" label={t("absent.day")} min={visit.slot.day} value={slot.day} onChange={(event) => setSlot({ ...slot, day: event.currentTarget.value })} />
          <div className={classes.pair}>
            {(["from", "to"] as const).map((end) => (
              <TextInput key={end} size="lg" type="time" label={t(`absent.${end}`)} value={slot[end]} onChange={(event) => setSlot({ ...slot, [end]: event.currentTarget.value })} />
            ))}
          </div>
          {off && <p className={classes.why}>{off}</p>}
          <Button size="lg" type="submit" disabled={off !== ""}>
            {t("absent.yes")}
          </Button>
        </Stack>
      </form>
    </Sheet>
  );
}
