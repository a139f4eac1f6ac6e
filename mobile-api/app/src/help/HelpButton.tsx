import { IconLifebuoy } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

const HelpSheet = lazy(() => import("./HelpSheet"));

/** Bare: without its word, where there is room for a sign only. */
type Props = { className: string | undefined; home: string; bare?: boolean };

/** The way to a person: at the same place on every screen. */
export function HelpButton({ className, home, bare = false }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={className} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <IconLifebuoy size={24} stroke={1.75} aria-hidden />
        <span className={bare ? "unseen" : undefined}>{t("help.place")}</span>
      </button>
      <Suspense>{open && <HelpSheet home={home} close={() => setOpen(false)} />}</Suspense>
    </>
  );
}
