import { Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Editor.module.css";
import { presets, ruleOf } from "./preset";
import { RuleForm } from "./RuleForm";
import { ruleName } from "./name";
import type { Editor } from "./useEditor";
import { freshId } from "./week";

/** The same week as a list of named rules: all that the grid can do, without a drag. */
export function RuleList({ editor }: { editor: Editor }) {
  const { t } = useTranslation();
  const { rules } = editor;
  return (
    <div className={classes.list}>
      {rules.map((rule) => (
        <section key={rule.id} className={classes.rule} aria-label={ruleName(rule, t)}>
          <RuleForm rule={rule} change={(changed) => editor.put(changed)} />
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
        </section>
      ))}
      <div className={classes.adds}>
        {presets.map((preset) => (
          <Button
            key={preset.word}
            variant="default"
            h={48}
            leftSection={<IconPlus size={18} aria-hidden />}
            onClick={() => editor.put(ruleOf(preset, freshId(rules), t(`rule.${preset.kind}`)))}
          >
            {t(`rule.${preset.kind}`)}
          </Button>
        ))}
        <Button
          variant="default"
          h={48}
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => editor.put({ id: freshId(rules), name: "", days: ["Monday"], start: 17 * 60, end: 18 * 60 })}
        >
          {t("hours.addRule")}
        </Button>
      </div>
    </div>
  );
}
