import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp, IconX } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Target } from "../api/client";
import { HelpButton } from "../help/HelpButton";
import { useHome } from "../shell/HomeContext";
import { Clash } from "./Clash";
import classes from "./Editor.module.css";
import { Leaving } from "./Leaving";
import { Preview } from "./Preview";
import { RuleList } from "./RuleList";
import { Selected } from "./Selected";
import { wideSchedules } from "./target";
import { useEditor } from "./useEditor";
import { useSave } from "./useSave";
import { WeekGrid } from "./WeekGrid";
import { rulesOf } from "./week";

type Props = { target: Target; name: string; leave: () => void; changing: (yes: boolean) => void };

/** On a screen this small a finger cannot paint: the list opens first, with the grid one tap away. */
const small = () => window.innerHeight < 600 || window.innerWidth < 340;

/** The week of one person or device, full screen; nothing scrolls under the finger. */
export function Editor({ target, name, leave, changing }: Props) {
  const { t } = useTranslation();
  const { state, words, locked } = useHome();
  const navigate = useNavigate();
  const [view, setView] = useState(() => (small() ? "list" : "grid"));
  const [tool, setTool] = useState("paint");
  const save = useSave(target, name, leave);
  const editor = useEditor(save.base, words);
  const changes = save.count(editor.rules);
  const changed = changes > 0;
  const tell = useEffectEvent(changing);
  useEffect(() => tell(changed), [changed]);

  const keys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) editor.redo();
    else editor.undo();
  };

  return (
    <div className={classes.editor} onKeyDown={keys}>
      <header className={classes.top}>
        <ActionIcon size={44} variant="subtle" color="gray" aria-label={t("app.close")} onClick={leave}>
          <IconX size={24} aria-hidden />
        </ActionIcon>
        <h1>{t("hours.title", { name })}</h1>
        <ActionIcon size={44} variant="subtle" color="gray" aria-label={t("app.undo")} disabled={!editor.canUndo} onClick={editor.undo}>
          <IconArrowBackUp size={24} aria-hidden />
        </ActionIcon>
        <ActionIcon size={44} variant="subtle" color="gray" aria-label={t("app.redo")} disabled={!editor.canRedo} onClick={editor.redo}>
          <IconArrowForwardUp size={24} aria-hidden />
        </ActionIcon>
        <HelpButton className={classes.help} />
      </header>
      <div className={classes.tools}>
        <SegmentedControl
          size="sm"
          aria-label={t("hours.view")}
          value={view}
          data={[
            { value: "grid", label: t("hours.grid") },
            { value: "list", label: t("hours.list") },
          ]}
          onChange={setView}
        />
        {view === "grid" && (
          <SegmentedControl
            size="sm"
            aria-label={t("hours.tools")}
            value={tool}
            data={[
              { value: "paint", label: t("hours.paint") },
              { value: "erase", label: t("hours.erase") },
            ]}
            onChange={setTool}
          />
        )}
      </div>
      <div className={classes.body} data-view={view}>
        {view === "grid" ? (
          <>
            <WeekGrid editor={editor} behind={rulesOf(wideSchedules(state.policy, target))} erasing={tool === "erase"} />
            {editor.selection ? <Selected key={editor.selection.rule} editor={editor} /> : <p className={classes.hint}>{t("hours.hint")}</p>}
          </>
        ) : (
          <RuleList editor={editor} />
        )}
      </div>
      <footer className={classes.foot}>
        {save.mistakes.length > 0 && <p className={classes.mistake}>{save.mistakes.join(" ")}</p>}
        {editor.note && <p className={classes.note}>{editor.note}</p>}
        <Preview target={target} name={name} rules={editor.rules} />
        {locked && <p>{locked}</p>}
        <Button
          fullWidth
          h={48}
          disabled={changes === 0 || locked !== null}
          loading={save.busy}
          onClick={() => void save.save(editor.rules)}
        >
          {changes === 0 ? t("hours.nothing") : t("hours.save", { count: changes })}
        </Button>
      </footer>
      {save.clash && (
        <Clash
          name={name}
          mine={editor.rules}
          theirs={save.theirs}
          keepMine={() => void save.force(editor.rules)}
          keepTheirs={() => {
            save.release();
            void navigate({ to: target.person ? "/person/$id" : "/device/$id", params: { id: target.person ?? target.device ?? "" } });
          }}
          close={save.close}
        />
      )}
      <Leaving unsaved={() => !save.released() && save.count(editor.rules) > 0} />
    </div>
  );
}
