import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { Asks } from "../ask/Asks";
import { BoxLine } from "./BoxLine";
import { Family } from "./Family";
import classes from "./HomeScreen.module.css";
import { SharedCard } from "./SharedCard";
import { OwnTime } from "./OwnTime";
import { sharedOf, unnamedOf } from "./standing";
import { Unnamed } from "./Unnamed";

/** Who is online, until when, and what a parent does about it. */
export function HomeScreen() {
  const { t } = useTranslation();
  const { state, decides } = useHome();
  const shared = sharedOf(state);
  const unnamed = unnamedOf(state);
  return (
    <Stack gap="lg">
      <header>
        <h1 className={classes.title}>{state.home.name || t("app.home")}</h1>
        <BoxLine />
      </header>
      <Asks />
      {decides ? <Family waiting={unnamed.length} /> : <OwnTime />}
      {decides && shared.length > 0 && <SharedCard rows={shared} />}
      {decides && unnamed.length > 0 && <Unnamed rows={unnamed} />}
    </Stack>
  );
}
