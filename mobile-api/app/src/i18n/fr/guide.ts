import type { Words } from "../catalogue";
import type en from "../en/guide";

const guide: Words<typeof en> = {
  guide: {
    title: "Essayer soi-même",
    lead: "Pas à pas, avec ce que la box mesure.",
    seen: "Ce que la box voit maintenant",
    step: "Étape {{at}} sur {{of}} environ",
    found: "Ce que dit la box",
    skip: "Passer",
    dontKnow: "Je ne sais pas",
    back: "Question précédente",
    again: "Recommencer",
    toHelp: "Aide",
    go: "Faire cela",
    not: "Non, continuer",
    name: "Lui donner un nom",
    willSet: "Ce qui sera réglé",
    notSolved: "Ce n'est pas résolu",
    done: "Terminé",
    talk: "Parler à quelqu'un",
    call: "Ou appelez : {{contact}}",
    gone: "Ce guide n'existe pas.",
    childOnly: "Les guides sont pour les adultes de la maison. Tu peux parler à quelqu'un.",
    later: "plus tard",
    instead: "La box ne répond pas : commençons par la regarder.",
    lost: "La box ne répond plus.",
    lookAtBox: "Regarder la box",
    returned: "La box répond de nouveau.",
    what_release: "Le Wi-Fi est rouvert à tous",
    what_school: "Soirs d'école pour {{name}}",
  },
};

export default guide;
