import { Button } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import section from "../person/Section.module.css";
import { useHome } from "../shell/HomeContext";
import type { Language } from "../time/words";
import { BoxWord } from "./BoxWord";
import { subjectNames } from "./choice";
import { EndNode } from "./EndNode";
import { Evidence } from "./Evidence";
import { FixNode } from "./FixNode";
import classes from "./Guide.module.css";
import { Measuring } from "./Measuring";
import { QuestionNode } from "./QuestionNode";
import { say, shown } from "./say";
import { TalkButton } from "./TalkButton";
import { type Guide, nodeOf } from "./tree";
import { useWalk } from "./useWalk";
import { progress } from "./walk";

type Props = { guide: Guide; asked: Guide; lookAtBox: () => void; children: ReactNode };

/** The step that a walk is at: what the box says beside what is asked, and always the way to a person. */
export function GuideSteps({ guide, asked, lookAtBox, children }: Props) {
  const { t, i18n } = useTranslation();
  const { state, words, line } = useHome();
  const { walk, go, goBack, again } = useWalk(guide);
  const language = i18n.language as Language;
  const head = useRef<HTMLHeadingElement>(null);
  const before = useRef(walk.node);
  useEffect(() => {
    if (before.current === walk.node) return;
    before.current = walk.node;
    head.current?.focus(); // the next question is read out, and the keyboard goes on from there
    window.scrollTo({ top: 0 });
  }, [walk.node]);

  const node = nodeOf(guide, walk.node);
  if (!node?.say) return null;
  const names = subjectNames({ state, words, line }, walk.subject);
  const { at, of } = progress(guide, walk);
  const ended = node.kind === "leaf";
  const here = { node, walk, names, go };
  return (
    <article className={classes.guide}>
      <h1 className={section.title} {...shown(asked.title)}>{say(asked.title, language, {})}</h1>
      {children}
      {!ended && (
        <>
          <p className={classes.step} data-mirror="show">{t("guide.step", { at, of })}</p>
          <progress className={classes.bar} value={at} max={of} aria-hidden />
        </>
      )}
      <BoxWord guide={guide} walk={walk} lookAtBox={lookAtBox} />
      <Evidence guide={guide} walk={walk} names={names} />
      <section className={section.section}>
        <h2 ref={head} tabIndex={-1} className={classes.question} {...shown(node.say)}>
          {say(node.say, language, names)}
        </h2>
        {node.hint && <p className={section.hint} {...shown(node.hint)}>{say(node.hint, language, names)}</p>}
        {node.kind === "question" && <QuestionNode key={node.id} {...here} />}
        {node.kind === "fix" && <FixNode key={node.id} {...here} />}
        {node.kind === "check" && <Measuring key={node.id} {...here} />}
        {ended && <EndNode node={node} guide={guide} walk={walk} names={names} />}
      </section>
      <div className={classes.foot}>
        {goBack && (
          <Button variant="subtle" leftSection={<IconChevronLeft size={20} aria-hidden />} onClick={goBack}>
            {t("guide.back")}
          </Button>
        )}
        {ended && (
          <Button variant="subtle" onClick={again}>
            {t("guide.again")}
          </Button>
        )}
        {!(ended && node.end === "person") && <TalkButton guide={guide} walk={walk} names={names} word={t(ended ? "guide.notSolved" : "guide.talk")} />}
      </div>
    </article>
  );
}
