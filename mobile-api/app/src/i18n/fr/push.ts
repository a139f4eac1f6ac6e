import type en from "../en/push";
import type { Words } from "../catalogue";

const push: Words<typeof en> = {
  push: {
    title: "Notifications",
    lead: "Seulement ce qui attend une réponse, sur ce téléphone ou cet ordinateur.",
    on: "Les notifications sont activées ici.",
    off: "Les notifications sont désactivées ici.",
    start: "Les activer ici",
    stop: "Les désactiver ici",
    failed: "Ce navigateur n'a pas pu les activer ou les désactiver.",
    install: "Un iPhone ou un iPad ne reçoit de notifications que d'une app de son écran d'accueil : ouvrez le menu Partager, choisissez « Sur l'écran d'accueil », puis ouvrez Carebox de là.",
    denied: "Ce navigateur refuse les notifications de Carebox. Autorisez-les dans ses réglages pour ce site, puis revenez.",
    never: "Ce navigateur ne peut pas recevoir de notifications.",
    kinds: "Me prévenir",
    kind_ask: "Quand un enfant demande plus de temps",
    kind_answer: "Quand mes parents ont répondu",
    saved: "Enregistré",
  },
};

export default push;
