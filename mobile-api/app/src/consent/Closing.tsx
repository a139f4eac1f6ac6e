import { Button, Modal, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SupportSession } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import { nameOf, scopes } from "./visit";

/** The receipt: when and by whom it ended, and what the person who helped could do. */
export default function Closing({ visit, close }: { visit: SupportSession; close: () => void }) {
  const { t } = useTranslation();
  const { me, words } = useHome();
  const time = visit.ended ? moment(new Date(visit.ended), words.now, words.reader) : "";
  const by = visit.endedBy || "deadline";
  const mine = by === "customer" && visit.customer.id === me.member.id;
  const name = nameOf(by === "customer" ? visit.customer.name : visit.staff.name, t);
  return (
    <Modal opened onClose={close} centered title={t("consent.ended")} closeButtonProps={{ size: 44, "aria-label": t("app.close") }}>
      <Stack>
        <p>{by === "replaced" ? "" : t(mine ? "consent.endedBy_you" : `consent.endedBy_${by}`, { time, name })}</p>
        <div>
          <p>{t("consent.could", { name: nameOf(visit.staff.name, t), minutes: visit.minutes })}</p>
          <ul>
            {scopes.filter((scope) => visit.scopes.includes(scope)).map((scope) => (
              <li key={scope}>{t(`consent.could_${scope}`)}</li>
            ))}
          </ul>
        </div>
        <Button size="lg" onClick={close}>
          {t("consent.close")}
        </Button>
      </Stack>
    </Modal>
  );
}
