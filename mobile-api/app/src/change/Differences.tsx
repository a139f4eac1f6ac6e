import { useTranslation } from "react-i18next";
import type { PolicyDifference } from "../api/client";
import { useHome } from "../shell/HomeContext";
import { differenceWords } from "./difference";
import classes from "./Differences.module.css";

type Props = {
  list: readonly PolicyDifference[];
  /** Whether it has come to that already, or would. */
  done?: boolean;
};

/** A change part by part: how it is and would be, or how it was and became. */
export function Differences({ list, done = false }: Props) {
  const { t } = useTranslation();
  const { words } = useHome();
  return (
    <dl className={classes.list}>
      {list.map((difference) => {
        const { what, before, after } = differenceWords(difference, words);
        return (
          <div key={difference.path}>
            <dt>{what}</dt>
            <dd>
              <span>{t(done ? "change.was" : "change.now", { text: before })}</span>
              <strong>{t(done ? "change.became" : "change.then", { text: after })}</strong>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
