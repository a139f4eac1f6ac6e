import { Button, SegmentedControl, Stack, useMantineColorScheme } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AuditSection } from "../consent/AuditSection";
import { RecordingsSection } from "../recording/Recordings";
import { NotificationsSection } from "../notifications/NotificationsSection";
import { Section } from "../person/Section";
import { signOut } from "../shell/client";
import { Entrances } from "../shell/Entrances";
import { useHome } from "../shell/HomeContext";
import { AccountSection } from "./AccountSection";
import { BoxSection } from "./BoxSection";
import { Codes } from "./Codes";
import { DataSection } from "./DataSection";
import { HomeName } from "./HomeName";
import { HouseRules } from "./HouseRules";
import { LanguageChoice } from "./LanguageChoice";
import { Passkeys } from "./Passkeys";
import { PasswordChange } from "./PasswordChange";
import { Sessions } from "./Sessions";
import classes from "./Settings.module.css";
import { ZoneSection } from "./ZoneSection";

export function SettingsScreen() {
  const { t } = useTranslation();
  const { me, membership, decides } = useHome();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div data-anchor="settings">
      <h1 className={classes.title}>{t("settings.title")}</h1>
      <Stack gap="md">
        <Entrances me={me} here="home" />
        <Section title={t("settings.forMe")} hint={t("settings.account", { name: `${me.member.name} · ${me.member.email}` })}>
          <Stack gap="md">
            <div data-anchor="language">
              <div className={classes.label}>{t("settings.language")}</div>
              <LanguageChoice />
            </div>
            <div>
              <div className={classes.label}>{t("settings.appearance")}</div>
              <SegmentedControl
                size="md"
                aria-label={t("settings.appearance")}
                value={colorScheme}
                data={(["auto", "light", "dark"] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
                onChange={(value) => setColorScheme(value as "auto" | "light" | "dark")}
              />
            </div>
            {me.member.email && <PasswordChange />}
          </Stack>
        </Section>
        <Section title={t("members.title")} hint={t("members.lead")}>
          <Button variant="default" h={48} renderRoot={(props) => <Link to="/members" {...props} />}>
            {t("members.open")}
          </Button>
        </Section>
        {me.member.email && <Passkeys />}
        {me.member.email && <Codes />}
        <NotificationsSection />
        <Sessions />
        {decides && <HomeName />}
        {decides && <HouseRules />}
        {decides && <ZoneSection />}
        <BoxSection />
        {decides && <AuditSection />}
        <RecordingsSection />
        {membership.role === "owner" && <DataSection />}
        <AccountSection />
        <Button variant="default" size="lg" onClick={() => void signOut()}>
          {t("settings.signOut")}
        </Button>
      </Stack>
    </div>
  );
}
