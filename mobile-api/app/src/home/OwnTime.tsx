import { useTranslation } from "react-i18next";
import { useHome } from "../shell/HomeContext";
import { GroupCard } from "./GroupCard";
import classes from "./HomeScreen.module.css";
import { ownOf } from "./standing";

/** What a child sees of the home: their own time, and nothing of brothers and sisters. */
export function OwnTime() {
  const { t } = useTranslation();
  const { state, membership } = useHome();
  const own = ownOf(state, membership.person);
  if (!own) return <p role="status">{t("ask.nobody")}</p>;
  return (
    <section aria-labelledby="own">
      <div className={classes.section}>
        <h2 id="own" className={classes.heading}>
          {t("ask.yours")}
        </h2>
      </div>
      <GroupCard group={own} />
    </section>
  );
}
