import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAsk } from "../change/useAsk";
import { useHome } from "../shell/HomeContext";
import { proposalOf } from "./fix";
import classes from "./Guide.module.css";
import type { At } from "./QuestionNode";

const NameDevice = lazy(() => import("../home/NameDevice"));

/** A change that is proposed, with what exactly it will set. It is asked for as any change: in force, or why not, and undo. */
export function FixNode({ node, walk, names, go }: At) {
  const { t } = useTranslation();
  const { id, state, words, line, locked } = useHome();
  const { ask, busy, refusal } = useAsk();
  const [naming, setNaming] = useState(false);
  const proposal = proposalOf(id, node, { state, words, line }, walk.subject);
  if (!proposal || proposal === "done") return null; // it has been done meanwhile, and the walk goes on
  const form = "name" in proposal ? proposal.name : null;
  const lines = "wish" in proposal ? proposal.lines : [];
  const send = async () => {
    if (!("wish" in proposal)) return setNaming(true);
    if (await ask(proposal.wish)) go({ answer: "asked", values: { ...names, what: proposal.wish.label } });
  };
  const named = () => go({ answer: "asked", values: { ...names, what: t("guide.name") } });
  return (
    <>
      {lines.length > 0 && (
        <ul className={classes.lines} aria-label={t("guide.willSet")}>
          {lines.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {refusal}
      <div className={classes.answers}>
        <Button
          size="lg"
          leftSection={<IconCheck size={22} aria-hidden />}
          loading={busy}
          disabled={locked !== null}
          onClick={() => void send()}
        >
          {t(form ? "guide.name" : "guide.go")}
        </Button>
        {locked && <p className={classes.quiet}>{locked}</p>}
        <Button size="lg" variant="default" onClick={() => go({ answer: "otherwise" })}>
          {t("guide.not")}
        </Button>
      </div>
      <Suspense>
        {naming && form && (
          <NameDevice naming={{ row: form, owner: walk.subject.person ?? null }} close={() => setNaming(false)} done={named} />
        )}
      </Suspense>
    </>
  );
}
