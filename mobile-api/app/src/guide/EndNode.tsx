import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./Guide.module.css";
import { TalkButton } from "./TalkButton";
import type { Guide, Node } from "./tree";
import type { Walk } from "./walk";

type Props = { guide: Guide; node: Node; walk: Walk; names: Record<string, string> };

/** The end: solved, or a person takes over with all that was found. */
export function EndNode({ node, ...told }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className={classes.answers}>
      {node.end === "person" ? (
        <TalkButton {...told} word={t("guide.talk")} main />
      ) : (
        <Button size="lg" leftSection={<IconCheck size={22} aria-hidden />} onClick={() => void navigate({ to: "/help" })}>
          {t("guide.done")}
        </Button>
      )}
    </div>
  );
}
