import { IconAlertTriangle, IconCloudCheck, IconCloudUp } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../shell/announcement";
import classes from "./Field.module.css";
import type { Outgoing } from "./outbox";
import { SyncSheet } from "./SyncSheet";
import { useOutgoing } from "./useOutgoing";

/** Whether all that was done is with the server; a tap shows what is not. */
export function SyncLine() {
  const { t } = useTranslation("field");
  const [open, setOpen] = useState(false);
  const outgoing = useOutgoing();
  const { tone, text } = said(outgoing, t);
  const settled = tone === "waiting" && outgoing.sending ? "" : text; // not each thing that goes out in passing
  const before = useRef(settled);
  useEffect(() => {
    if (settled && before.current !== settled) announce(settled);
    if (settled) before.current = settled;
  }, [settled]);
  const Icon = tone === "sent" ? IconCloudCheck : tone === "problem" ? IconAlertTriangle : IconCloudUp;
  return (
    <>
      <button type="button" className={classes.tool} data-tone={tone} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon size={22} aria-hidden />
        <span>{text}</span>
      </button>
      {open && <SyncSheet close={() => setOpen(false)} />}
    </>
  );
}

type Said = { tone: "sent" | "waiting" | "problem"; text: string };

function said({ items, halt, sending }: Outgoing, t: TFunction<"field">): Said {
  const refused = items.filter((item) => item.refused).length;
  if (halt === "signed-out" && items.length > 0) return { tone: "problem", text: t("sync.signIn") };
  if (refused > 0) return { tone: "problem", text: t("sync.refused", { count: refused }) };
  if (items.length === 0) return { tone: "sent", text: t("sync.sent") };
  if (sending) return { tone: "waiting", text: t("sync.sending", { count: items.length }) };
  return { tone: "waiting", text: t("sync.waiting", { count: items.length }) };
}
