import { Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { didWords } from "../activity/did";
import { Dialog } from "../parts/Dialog";
import { useHome } from "../shell/HomeContext";
import { clock } from "../time/words";
import type { Collision, Wish } from "./ChangeContext";

type Props = { collision: Collision; leave: () => void; again: (wish: Wish) => void };

/** Two people at once: the second sees what the first did, and decides. */
export default function CollisionDialog({ collision, leave, again }: Props) {
  const { t } = useTranslation();
  const { me, words } = useHome();
  const { asked, policy } = collision.current;
  const time = clock(new Date(asked.at), words.reader);
  const mine = asked.actor.member === me.member.id;
  return (
    <Dialog name="collision" close={leave} title={t("change.collideTitle")}>
      <Stack>
        <div>
          <Text>{mine ? t("change.collideYou", { time }) : t("change.collide", { name: asked.actor.name || t("activity.carebox"), time })}</Text>
          <Text fw={650}>{didWords(asked, { ...words, policy })}</Text>
        </div>
        <div>
          <Text>{t("change.collideYours")}</Text>
          <Text fw={650}>{collision.wish.label}</Text>
        </div>
        <Button size="lg" onClick={() => again(collision.wish)}>
          {t("change.doAnyway")}
        </Button>
        <Button size="lg" variant="default" onClick={leave} data-autofocus>
          {t("change.leaveIt")}
        </Button>
      </Stack>
    </Dialog>
  );
}
