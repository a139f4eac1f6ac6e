import { Button, Group, Stack } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { whyNot } from "../change/failure";
import { Dialog } from "../parts/Dialog";
import classes from "./Console.module.css";

type Props = {
  title: string;
  /** What the button says; else the title. */
  act?: string;
  ready: boolean;
  send: () => Promise<unknown>;
  close: () => void;
  after: () => Promise<void>;
  /** Why it could not be kept, where that is said otherwise than elsewhere. */
  why?: (error: Error) => string | null;
  children: ReactNode;
};

/** A form about a case: it stays open, with what was written, when it could not be kept. */
export function Sheet({ title, act = title, ready, send, close, after, why, children }: Props) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setWrong("");
    try {
      await send();
      await after();
      close();
    } catch (error) {
      setWrong(why?.(error as Error) ?? whyNot(error as Error, tell));
      setBusy(false);
    }
  };
  return (
    <Dialog name={null} close={close} title={title}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {children}
          <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
