import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { keep } from "../shell/keep";
import type { Language } from "../time/words";
import type en from "./en";
import type field from "./en/field";
import type support from "./en/support";
import { typesetAll } from "./typeset";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    resources: { words: typeof en; field: typeof field; support: typeof support };
  }
}

const key = "carebox.language";

/** What the person chose on this phone, else what the phone speaks. */
export function preferred(): Language {
  const chosen = localStorage.getItem(key) ?? navigator.language;
  return chosen.startsWith("fr") ? "fr" : "en";
}

/** Only the catalogue that is spoken is loaded. */
async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "words")) return;
  const words = language === "fr" ? typesetAll((await import("./fr")).default) : (await import("./en")).default;
  i18next.addResourceBundle(language, "words", words);
}

/** The words of the technicians' entrance, which families never load. */
export async function loadFieldWords(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "field")) return;
  const words = language === "fr" ? typesetAll((await import("./fr/field")).default) : (await import("./en/field")).default;
  i18next.addResourceBundle(language, "field", words);
}

/** The words of the console, which families never load. */
export async function loadSupportWords(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "support")) return;
  const words = language === "fr" ? typesetAll((await import("./fr/support")).default) : (await import("./en/support")).default;
  i18next.addResourceBundle(language, "support", words);
}

export async function startWords(): Promise<void> {
  const language = preferred();
  await i18next.use(initReactI18next).init({
    lng: language,
    ns: ["words"],
    defaultNS: "words",
    resources: {},
    interpolation: { escapeValue: false }, // React escapes
    fallbackLng: false,
  });
  await speak(language, false);
}

export async function speak(language: Language, remember = true): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  if (remember) keep(key, language);
}
