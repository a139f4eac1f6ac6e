import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { AddPasskey } from "../settings/AddPasskey";
import { leave } from "../shell/client";
import { hasPasskeys } from "../signin/passkey";
import classes from "./Field.module.css";
import { Head } from "./Head";

const CodesDialog = lazy(() => import("../settings/CodesDialog"));

/** For who signed in with a password alone: what is missing, and how it is made. */
export function Strong() {
  const { t } = useTranslation("field");
  const { t: tell } = useTranslation();
  const [open, setOpen] = useState<"passkey" | "codes" | null>(null);
  const [made, setMade] = useState(false);
  const { data } = useQuery({ queryKey: ["totp"], queryFn: () => answer(api.GET("/me/totp")) });
  const signOut = () => answer(api.DELETE("/sessions/current")).catch(() => {}).finally(() => leave(false));
  const done = async () => {
    setOpen(null);
    setMade(true);
  };
  return (
    <>
      <Head step="today" />
      <main className={classes.body}>
        <h1>{t("strong.title")}</h1>
        <p className={classes.lead}>{t("strong.text")}</p>
        <p className={classes.lead}>{t(made ? "strong.made" : "strong.have")}</p>
        <Button size="lg" onClick={() => void signOut()}>
          {t("strong.signIn")}
        </Button>
        <p className={classes.quiet}>{t("strong.kept")}</p>
        {!made && data && !data.active && (
          <>
            <p className={classes.lead}>{t("strong.make")}</p>
            {hasPasskeys() && (
              <Button variant="default" onClick={() => setOpen("passkey")}>
                {tell("passkey.add")}
              </Button>
            )}
            <Button variant="default" onClick={() => setOpen("codes")}>
              {tell("codes.start")}
            </Button>
          </>
        )}
      </main>
      <AddPasskey opened={open === "passkey"} close={() => setOpen(null)} added={done} />
      {open === "codes" && (
        <Suspense>
          <CodesDialog active={false} opened close={() => setOpen(null)} done={done} />
        </Suspense>
      )}
    </>
  );
}
