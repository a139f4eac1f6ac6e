import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asksQuery } from "../api/query";
import { useHome } from "../shell/HomeContext";
import { Waiting } from "../shell/Waiting";
import { Asks } from "../ask/Asks";
import { BoxLine } from "./BoxLine";
import { Family } from "./Family";
import classes from "./HomeScreen.module.css";
import { SharedCard } from "./SharedCard";
import { OwnTime } from "./OwnTime";
import { ownOf, sharedOf, unnamedOf } from "./standing";
import { Unnamed } from "./Unnamed";

/** Who is online, until when, and what a parent does about it. */
export function HomeScreen() {
  const { t } = useTranslation();
  const { id, state, decides, line, membership } = useHome();
  const { data: asks, isPending, failureCount } = useQuery({ ...asksQuery(id), staleTime: 30_000 });
  const shared = sharedOf(state);
  const unnamed = unnamedOf(state);
  const own = decides ? null : ownOf(state, membership.person);
  // Drawn once, and complete: what comes later would push what a finger is on. Without an answer it is not waited for.
  if (isPending && failureCount === 0 && line !== "offline" && line !== "away") return <Waiting />;
  return (
    <Stack gap="lg">
      <header>
        <h1 className={classes.title}>{state.home.name || t("app.home")}</h1>
        {(decides || own) && <BoxLine />}
      </header>
      {(decides || own) && <Asks asks={asks ?? []} />}
      {decides ? <Family waiting={unnamed.length} /> : <OwnTime />}
      {decides && shared.length > 0 && <SharedCard rows={shared} />}
      {decides && unnamed.length > 0 && <Unnamed rows={unnamed} />}
    </Stack>
  );
}
