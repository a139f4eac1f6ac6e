import { useTranslation } from "react-i18next";
import { type Language, localeOf, type Reader } from "../time/words";

/** How times are said to whoever holds the phone; by the customer's clock where it is known. */
export function useReader(zone?: string): Reader {
  const { i18n } = useTranslation("field");
  const language = i18n.language as Language;
  return { language, locale: localeOf(language), zone: zone || Intl.DateTimeFormat().resolvedOptions().timeZone };
}
