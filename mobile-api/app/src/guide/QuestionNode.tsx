import { Button } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { KindIcon } from "../parts/KindIcon";
import { useHome } from "../shell/HomeContext";
import type { Language } from "../time/words";
import { candidatesOf } from "./choice";
import classes from "./Guide.module.css";
import { say, shown } from "./say";
import type { Node } from "./tree";
import type { Found, Walk } from "./walk";

export type At = { node: Node; walk: Walk; names: Record<string, string>; go: (found: Found, alone?: boolean) => void };

/** One question: two or three answers, or devices and people to choose from, and "I don't know". */
export function QuestionNode({ node, walk, names, go }: At) {
  const { t, i18n } = useTranslation();
  const { state, words, line } = useHome();
  const language = i18n.language as Language;
  const candidates = node.choose ? candidatesOf(node.choose, { state, words, line }, walk.subject) : [];
  return (
    <div className={classes.answers}>
      {candidates.map(({ key, name, kind, person }) => (
        <Button
          key={key}
          size="lg"
          variant="default"
          justify="flex-start"
          leftSection={person ? <IconUser size={22} aria-hidden /> : <KindIcon kind={kind} />}
          onClick={() => go({ answer: "chosen", subject: key, values: { [person ? "person" : "device"]: name } })}
        >
          {name}
        </Button>
      ))}
      {(node.answers ?? []).map(({ id, say: said }) => (
        <Button key={id} size="lg" variant={node.choose ? "subtle" : "default"} {...shown(said)} onClick={() => go({ answer: id })}>
          {said && say(said, language, names)}
        </Button>
      ))}
      <Button size="lg" variant="subtle" color="gray" onClick={() => go({ answer: "dont-know" })}>
        {t("guide.dontKnow")}
      </Button>
    </div>
  );
}
