import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { didWords } from "../activity/did";
import { laterOn } from "../activity/later";
import { historyQuery } from "../api/query";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import type { Collision, Wish } from "./ChangeContext";
import { Differences } from "./Differences";

type Props = { collision: Collision; leave: () => void; again: (wish: Wish) => void };

/** What somebody wants to take back was touched since: they see by whom, and what it would come to, and decide. */
export default function UndoDialog({ collision: { wish, refusal, current }, leave, again }: Props) {
  const { t } = useTranslation();
  const { id, words } = useHome();
  const { data: entries = [] } = useQuery(historyQuery(id, current.asked.revision));
  const later = laterOn(refusal.problem.conflicts ?? [], entries);
  return (
    <Dialog name="undoBlocked" close={leave} title={t("activity.undoBlocked")}>
      <Stack>
        {later && (
          <div>
            <Text>{t("activity.undoSince")}</Text>
            <Text fw={650}>
              {didWords(later, words)} · {clock(new Date(later.at), words.reader)}
            </Text>
          </div>
        )}
        <div>
          <Text>{t("activity.undoWould")}</Text>
          <Differences list={refusal.problem.would ?? []} />
        </div>
        <Button size="lg" onClick={() => again(wish.anyway?.(current) ?? wish)}>
          {t("activity.undoAnyway")}
        </Button>
        <Button size="lg" variant="default" onClick={leave} data-autofocus>
          {t("change.leaveIt")}
        </Button>
      </Stack>
    </Dialog>
  );
}
