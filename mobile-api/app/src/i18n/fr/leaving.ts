import type en from "../en/leaving";
import type { Words } from "../catalogue";

const leaving: Words<typeof en> = {
  leaving: {
    account: "Mon compte",
    delete: "Supprimer mon compte",
    deleteText: "Vos sessions, vos clés d'accès et vos places dans les maisons disparaissent avec lui. Ce que vous avez décidé reste dans l'activité des maisons, sous votre nom.",
    deleteYes: "Supprimer mon compte pour toujours",
    onlyOwner: "Vous êtes seul propriétaire de : {{homes}}. Confiez-la d'abord à quelqu'un, ou supprimez-la.",
    back: "Nouvel accès",
    backFor: "Un nouvel accès pour {{name}}",
    backText: "Pour un téléphone nouveau, ou qui a été déconnecté. {{name}} reste le même membre, avec le même temps.",
    make: "Créer un code",
    enterTitle: "Te revoilà",
    enterText: "Ce lien te connecte sur ce téléphone, une seule fois.",
    enter: "Me connecter",
  },
};

export default leaving;
