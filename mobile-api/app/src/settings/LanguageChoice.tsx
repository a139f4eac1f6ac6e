import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { speak } from "../i18n/i18n";
import type { Language } from "../time/words";

/** Each language in its own words, so that it is found by who needs it. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="md"
      aria-label={t("settings.language")}
      value={i18n.language}
      data={[
        { value: "fr", label: "Français" },
        { value: "en", label: "English" },
      ]}
      onChange={(language) => void speak(language as Language)}
    />
  );
}
