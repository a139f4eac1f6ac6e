import { Button, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/client";
import { type Entrance, entrancesOf } from "./entrance";

const ways = { home: "/", field: "/field", support: "/support" } as const satisfies Record<Entrance, string>;

/** The other doors of the app that are open to somebody who works for the operator. */
export function Entrances({ me, here }: { me: Me; here?: Entrance }) {
  const { t } = useTranslation();
  const others = entrancesOf(me).filter((entrance) => entrance !== here);
  if (others.length === 0) return null;
  return (
    <Stack gap="xs" component="nav" aria-label={t("entrance.title")}>
      {others.map((entrance) => (
        <Button key={entrance} variant="default" size="lg" h={56} renderRoot={(props) => <Link to={ways[entrance]} {...props} />}>
          {t(`entrance.${entrance}`)}
        </Button>
      ))}
    </Stack>
  );
}
