import type en from "../en/provider";
import type { Words } from "../catalogue";

const provider: Words<typeof en> = {
  provider: {
    signIn: "Personnel : {{name}}",
    departure: "Cette connexion a pris trop de temps, ou a commencé dans une autre fenêtre. Réessayez.",
    denied: "{{name}} ne vous a pas laissé entrer.",
    away: "{{name}} ne répond pas pour l'instant. Réessayez, ou utilisez votre mot de passe.",
    token: "La réponse de {{name}} n'a pas pu être vérifiée. Réessayez ; si cela se reproduit, prévenez votre administrateur.",
    weak:
      "{{name}} ne dit pas que vous vous êtes connecté avec un second facteur, comme votre opérateur l'exige. Refaites-le là-bas, ou prévenez votre administrateur.",
    unverified: "{{name}} n'a pas vérifié votre adresse e-mail. Prévenez votre administrateur.",
    outsider: "Vous n'êtes pas sur la liste du personnel. Prévenez votre administrateur.",
    failed: "Cela n'a pas fonctionné. Réessayez dans un instant.",
    offline: "Personne ne répond. Vérifiez votre connexion.",
    throttled: "Trop de tentatives. Attendez un instant.",
  },
};

export default provider;
