import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Problem } from "../api/client";
import { problemWords } from "../change/problem";
import classes from "./Sheet.module.css";

const fields = ["devices", "floorDown", "floorUp", "band", "exclusive", "windows", "channel", "width", "fallback", "now"];

/** The field of the form that a problem is about, by the first word of its path. */
export function fieldsOf({ field }: Problem): { name: string; known: boolean } {
  const name = /^\w*/.exec(field)?.[0] ?? "";
  return { name, known: fields.includes(name) };
}

type Props = { problems: Problem[]; of?: string[] };

/** What is wrong with some fields, in the reader's language. */
export function Wrong({ problems, of }: Props) {
  const { t } = useTranslation();
  const found = of ? problems.filter((problem) => of.includes(fieldsOf(problem).name)) : problems;
  const said = [...new Set(found.map((problem) => problemWords(problem, t)))];
  if (said.length === 0) return null;
  return (
    <p role="alert" className={classes.wrong}>
      <IconAlertTriangle size={20} aria-hidden />
      <span>{said.join(" ")}</span>
    </p>
  );
}
