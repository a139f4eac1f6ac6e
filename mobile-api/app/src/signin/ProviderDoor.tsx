import { Button } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "../api/refusal";
import { leave as forget } from "../shell/client";
import { metaWord } from "../shell/meta";
import { departure, type Reason, reasonOf } from "./provider";
import classes from "./SignInScreen.module.css";

/** The way in for staff, where the operator has a provider of their own; and why it was not open. */
export function ProviderDoor() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState<Reason | "offline" | "throttled" | null>(() => reasonOf(window.location.search));
  const name = metaWord("provider");
  if (!name) return null;

  const leave = async () => {
    setBusy(true);
    setWhy(null);
    try {
      const address = await departure();
      forget(false); // whoever was here before: somebody else may come back
      window.location.assign(address);
    } catch (caught) {
      setWhy(reason(caught));
    } finally {
      setBusy(false); // who comes back by the browser's own button finds it open
    }
  };
  return (
    <>
      {why && (
        <p role="alert" className={classes.error}>
          {t(`provider.${why}`, { name })}
        </p>
      )}
      <Button
        size="lg"
        variant="default"
        px="xs"
        leftSection={<IconBuilding size={20} aria-hidden />}
        loading={busy}
        onClick={() => void leave()}
      >
        {t("provider.signIn", { name })}
      </Button>
    </>
  );
}

function reason(caught: unknown): Reason | "offline" | "throttled" {
  if (!(caught instanceof Refusal)) return "offline";
  if (caught.status === 429) return "throttled";
  return caught.code === "provider-away" ? "away" : "failed";
}
