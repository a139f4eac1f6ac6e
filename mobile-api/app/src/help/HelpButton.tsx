import { IconLifebuoy } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

const HelpSheet = lazy(() => import("./HelpSheet"));

/** The way to a person where another screen would lose what is not saved. */
export function HelpButton({ className }: { className: string | undefined }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={className} data-anchor="help" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <IconLifebuoy size={24} stroke={1.75} aria-hidden />
        <span className="unseen">{t("help.place")}</span>
      </button>
      <Suspense>{open && <HelpSheet close={() => setOpen(false)} />}</Suspense>
    </>
  );
}
