import { typeset } from "../i18n/typeset";
import type { Language } from "../time/words";
import type { Node, Said } from "./tree";

/** What the guides have no sentence for, because no customer need read it: a person who helps does. */
const quiet: Record<string, Said> = {
  "band fast": { en: "It is on the faster Wi-Fi band.", fr: "Il est sur la bande Wi-Fi la plus rapide." },
  "barred none": { en: "No other device keeps it off the Wi-Fi.", fr: "Aucun autre appareil ne l'écarte du Wi-Fi." },
  "bypass none": { en: "Nothing lets traffic pass by the rules.", fr: "Rien ne laisse le trafic contourner les règles." },
  "clock right": { en: "The box's clock is right.", fr: "L'horloge de la box est à l'heure." },
  "dns good": { en: "Names are found.", fr: "Les noms sont trouvés." },
  "joined long-ago": { en: "It has been on the Wi-Fi without a break.", fr: "Il est resté sur le Wi-Fi sans coupure." },
  "kept failed": { en: "The place kept for it could not be set.", fr: "La place gardée pour lui n'a pas pu être réglée." },
  "kept moved": { en: "The place kept for it has moved to another channel.", fr: "La place gardée pour lui a changé de canal." },
  "kept none": { en: "No place is kept for it.", fr: "Aucune place n'est gardée pour lui." },
  "known-again none": { en: "It is like no device that has a name.", fr: "Il ne ressemble à aucun appareil nommé." },
  "ping none": { en: "The address does not answer a ping, as many do not.", fr: "L'adresse ne répond pas au ping, comme beaucoup d'autres." },
  "radar none": { en: "The box has heard no radar.", fr: "La box n'a entendu aucun radar." },
  "radios none": { en: "The box has no Wi-Fi of its own.", fr: "La box n'a pas de Wi-Fi à elle." },
  "radios up": { en: "The Wi-Fi is on.", fr: "Le Wi-Fi est allumé." },
  "retries few": { en: "Little has to be sent again.", fr: "Peu de données sont renvoyées." },
  "strangers none": { en: "No device without a name is there.", fr: "Aucun appareil sans nom n'est là." },
  "strangers some": { en: "Devices without a name are there.", fr: "Des appareils sans nom sont là." },
  "verdict unnamed": { en: "The device has no name yet.", fr: "L'appareil n'a pas encore de nom." },
};

/** The words of a check for whose outcome its guide has none; "" where nothing is known. */
export function quietWords(node: Pick<Node, "fact" | "query"> | undefined, answer: string, language: Language): string {
  const said = quiet[`${node?.fact ?? node?.query ?? ""} ${answer}`]?.[language] ?? "";
  return language === "fr" ? typeset(said) : said;
}
