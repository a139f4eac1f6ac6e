import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Device } from "../api/client";
import { useChanges } from "../change/ChangeContext";
import { putOf } from "../change/wish";
import { useHome } from "../shell/HomeContext";
import classes from "./HomeScreen.module.css";
import { joined } from "./twin";

type Props = { mac: string; twin: Device; no: () => void; leave: () => void };

/** "Is this Léo's phone?": a yes gives the known device this address too, so that its hours hold again. */
export function TwinAsk({ mac, twin, no, leave }: Props) {
  const { t } = useTranslation();
  const { id, state, locked } = useHome();
  const { ask, busy } = useChanges();
  const owner = state.policy.people?.find((person) => person.id === twin.person)?.name;
  const question = owner ? t("twin.ask", { name: owner, device: twin.name }) : t("twin.askHome", { device: twin.name });
  const off = { disabled: locked !== null || busy, title: locked ?? undefined };
  return (
    <>
      <p className={classes.question}>{question}</p>
      <div className={classes.faces}>
        <Button {...off} h={48} px="sm" onClick={() => void ask(putOf(id, "devices", joined(twin, mac), t("twin.saved", { device: twin.name })))}>
          {t("twin.yes")}
        </Button>
        <Button variant="default" h={48} px="sm" onClick={no}>
          {t("twin.no")}
        </Button>
        <Button variant="subtle" h={48} px="sm" onClick={leave}>
          {t("twin.leave")}
        </Button>
      </div>
    </>
  );
}
