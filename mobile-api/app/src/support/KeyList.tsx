import { Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/Dialog";
import classes from "./Console.module.css";
import { keys } from "./keys";

type Props = { opened: boolean; close: () => void; on: boolean; turn: (on: boolean) => void };

/** Every key of the console, and the way to turn single ones off. */
export function KeyList({ opened, close, on, turn }: Props) {
  const { t } = useTranslation("support");
  return (
    <Dialog name={null} opened={opened} close={close} title={t("keys")}>
      <Stack>
        <dl className={classes.keyList}>
          {keys.map(({ key, act }) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{t(`key_${act}`)}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>1</kbd> – <kbd>9</kbd>
            </dt>
            <dd>{t("key_tab")}</dd>
          </div>
          <div>
            <dt>
              <kbd>Ctrl</kbd> <kbd>Enter</kbd>
            </dt>
            <dd>{t("key_send")}</dd>
          </div>
        </dl>
        <Switch size="md" label={t("keysOn")} checked={on} onChange={(event) => turn(event.currentTarget.checked)} />
      </Stack>
    </Dialog>
  );
}
