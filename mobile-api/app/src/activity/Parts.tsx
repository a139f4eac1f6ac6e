import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { HistoryEntry } from "../api/client";
import { decisionQuery } from "../api/query";
import { Differences } from "../change/Differences";
import { whyNot } from "../change/failure";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";

/** What one decision changed, as it was and as it became; fetched when somebody wants to see it. */
export function Parts({ entry, what }: { entry: HistoryEntry; what: string }) {
  const { t } = useTranslation();
  const { words } = useHome();
  const [open, { toggle }] = useDisclosure();
  const id = useId();
  const Icon = open ? IconChevronUp : IconChevronDown;
  return (
    <>
      <Button
        variant="subtle"
        h={44}
        px={0}
        rightSection={<Icon size={18} aria-hidden />}
        aria-expanded={open}
        aria-controls={id}
        aria-label={t("activity.partsOf", { what, time: clock(new Date(entry.at), words.reader) })}
        onClick={toggle}
      >
        {t("activity.parts")}
      </Button>
      <div id={id} hidden={!open}>
        {open && <Fetched revision={entry.revision} />}
      </div>
    </>
  );
}

function Fetched({ revision }: { revision: number }) {
  const { t } = useTranslation();
  const { id } = useHome();
  const { data, error } = useQuery(decisionQuery(id, revision));
  if (error) return <p role="alert">{whyNot(error, t)}</p>;
  if (!data) return <Skeleton h={48} />;
  return data.differences.length > 0 ? <Differences list={data.differences} done /> : <p>{t("activity.noParts")}</p>;
}
