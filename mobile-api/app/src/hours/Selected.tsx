import { Button, CloseButton, SegmentedControl } from "@mantine/core";
import { IconCopy, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { dayName } from "../time/words";
import { CopyDay } from "./CopyDay";
import classes from "./Editor.module.css";
import { ruleName } from "./name";
import { RuleForm } from "./RuleForm";
import type { Editor } from "./useEditor";

/** What is selected in the grid, to be put exactly. */
export function Selected({ editor }: { editor: Editor }) {
  const { t } = useTranslation();
  const { reader } = useHome().words;
  const [copying, setCopying] = useState(false);
  const { selection } = editor;
  const rule = editor.rules.find(({ id }) => id === selection?.rule);
  if (!rule || !selection) return null;
  const day = dayName(selection.day, reader);
  if (copying) return <CopyDay editor={editor} from={selection.day} close={() => setCopying(false)} />;
  return (
    <section className={classes.sheet} aria-label={ruleName(rule, t)}>
      <div className={classes.sheetHead}>
        {rule.days.length > 1 ? (
          <SegmentedControl
            size="sm"
            aria-label={t("hours.scope")}
            value="all"
            data={[
              { value: "all", label: t("hours.all", { count: rule.days.length }) },
              { value: "one", label: t("hours.onlyDay", { day }) },
            ]}
            onChange={(scope) => scope === "one" && editor.alone()}
          />
        ) : (
          <strong>{day}</strong>
        )}
        <CloseButton size={44} aria-label={t("app.close")} onClick={() => editor.select(null)} />
      </div>
      <RuleForm rule={rule} change={(changed) => editor.put(changed)} />
      <div className={classes.sheetFoot}>
        <Button variant="subtle" h={44} px="xs" leftSection={<IconCopy size={18} aria-hidden />} onClick={() => setCopying(true)}>
          {t("hours.copyDay", { day })}
        </Button>
        <Button
          variant="subtle"
          color="red"
          h={44}
          px="xs"
          leftSection={<IconTrash size={18} aria-hidden />}
          onClick={() => editor.remove(rule.id)}
        >
          {t("hours.deleteRule")}
        </Button>
      </div>
    </section>
  );
}
