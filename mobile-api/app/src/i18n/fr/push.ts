import type en from "../en/push";
import type { Words } from "../catalogue";

const push: Words<typeof en> = {
  push: {
    title: "Notifications",
    lead: "Seulement ce qu'il faut savoir maintenant, sur ce téléphone ou cet ordinateur.",
    on: "Les notifications sont activées ici.",
    off: "Les notifications sont désactivées ici.",
    start: "Les activer ici",
    stop: "Les désactiver ici",
    failed: "Ce navigateur n'a pas pu les activer ou les désactiver.",
    install: "Un iPhone ou un iPad ne reçoit de notifications que d'une appli de son écran d'accueil : ouvrez le menu Partager, choisissez « Sur l'écran d'accueil », puis ouvrez Carebox de là.",
    denied: "Ce navigateur refuse les notifications de Carebox. Autorisez-les dans ses réglages pour ce site, puis revenez.",
    never: "Ce navigateur ne peut pas recevoir de notifications.",
    kinds: "Me prévenir",
    kind_ask: "Quand un enfant demande plus de temps",
    kind_device: "Quand un nouvel appareil rejoint le Wi-Fi",
    kind_box: "Quand la box ne répond plus ou revient, et quand un changement de ma part s'applique en retard",
    kind_hours: "Quand un autre adulte a changé les horaires, une fois par jour",
    kind_answer: "Quand mes parents ont répondu",
    kind_cut: "10 minutes avant d'être hors ligne",
    quiet: "Ne pas déranger la nuit",
    quietLead: "Ce qui n'est pas urgent attend la fin. Les demandes et les réponses arrivent quand même.",
    quietFrom: "De",
    quietTo: "À",
    quietSame: "La fin doit différer du début.",
    saved: "Enregistré",
  },
};

export default push;
