import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceRow } from "../api/client";
import classes from "./HomeScreen.module.css";
import type { Naming } from "./naming";
import { UnnamedRow } from "./UnnamedRow";

const NameDevice = lazy(() => import("./NameDevice"));
const few = 3;

/** "Whose is it?" with faces: a tap on one opens the sheet with the rest already filled in. */
export function Unnamed({ rows }: { rows: DeviceRow[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const [naming, setNaming] = useState<Naming | null>(null);
  return (
    <section aria-labelledby="whose">
      <div className={classes.section}>
        <h2 id="whose" className={classes.heading}>
          {t("home.whose")}
        </h2>
      </div>
      <div className={classes.card}>
        {(all ? rows : rows.slice(0, few)).map((row) => (
          <UnnamedRow key={row.mac} row={row} choose={setNaming} />
        ))}
        {rows.length > few && (
          <Button variant="subtle" h={44} fullWidth onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? t("home.fewer") : t("home.more", { count: rows.length - few })}
          </Button>
        )}
      </div>
      <Suspense>{naming && <NameDevice naming={naming} close={() => setNaming(null)} />}</Suspense>
    </section>
  );
}
